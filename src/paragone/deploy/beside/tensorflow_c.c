/* Computes with a SavedModel through TensorFlow's C API: requests on the standard input, answers on the standard output.

       program saved_model INPUT... -- OUTPUT...

   The inputs and outputs are the tensors of the signature, such as serving_default_x0:0; `saved_model_cli show` lists
   them. https://www.tensorflow.org/install/lang_c, https://www.tensorflow.org/guide/saved_model (TensorFlow 2.21) */

#include <tensorflow/c/c_api.h>

#include "framing.h"

typedef struct {
  TF_Status *status;
  TF_Graph *graph;
  TF_Session *session;
  int inputs, outputs;
  TF_Output input[FRAME_ARRAYS], output[FRAME_ARRAYS];
} Model;

/* Types of elements that are sent, and what TensorFlow calls them. */
static const struct { uint32_t number; TF_DataType type; } types[] = {
    {1, TF_FLOAT}, {2, TF_UINT8}, {3, TF_INT8}, {6, TF_INT32}, {7, TF_INT64}, {9, TF_BOOL}, {10, TF_HALF}, {11, TF_DOUBLE}};
static const size_t n_types = sizeof types / sizeof *types;

static const char *const tags[] = {"serve"};

/* The tensor that NAME:NUMBER names; without an operation where there is none. */
static TF_Output named(TF_Graph *graph, const char *name) {
  char operation[FRAME_TEXT];
  const char *colon = strrchr(name, ':');
  size_t size = colon ? (size_t)(colon - name) : strlen(name);
  TF_Output found = {NULL, colon ? atoi(colon + 1) : 0};
  if (size >= sizeof operation) return found;
  memcpy(operation, name, size);
  operation[size] = '\0';
  found.oper = TF_GraphOperationByName(graph, operation);
  return found;
}

/* Load a model; what failed, or NULL. */
static const char *loaded(Model *model, int count, char **arguments) {
  TF_SessionOptions *options = TF_NewSessionOptions();
  model->status = TF_NewStatus();
  model->graph = TF_NewGraph();
  model->session = TF_LoadSessionFromSavedModel(options, NULL, arguments[1], tags, 1, model->graph, NULL, model->status);
  TF_DeleteSessionOptions(options);
  if (TF_GetCode(model->status) != TF_OK) return TF_Message(model->status);
  int *filled = &model->inputs;
  TF_Output *place = model->input;
  for (int number = 2; number < count; number++) {
    if (!strcmp(arguments[number], "--")) {
      filled = &model->outputs;
      place = model->output;
      continue;
    }
    if (*filled == FRAME_ARRAYS) return "more inputs or outputs than can be sent";
    TF_Output found = named(model->graph, arguments[number]);
    if (!found.oper) return "the graph has no tensor of a name that was given";
    place[(*filled)++] = found;
  }
  return NULL;
}

static TF_Tensor *taken(const FrameTensor *given) {
  int64_t lengths[FRAME_AXES];
  for (uint32_t axis = 0; axis < given->as.axes; axis++) lengths[axis] = (int64_t)given->as.lengths[axis];
  for (size_t one = 0; one < n_types; one++) {
    if (types[one].number != given->as.type) continue;
    TF_Tensor *tensor = TF_AllocateTensor(types[one].type, lengths, (int)given->as.axes, given->size);
    frame_must(tensor != NULL, "no memory for an input");
    memcpy(TF_TensorData(tensor), given->data, given->size);
    return tensor;
  }
  return NULL;
}

/* Describe an output; 0 for one that cannot be sent. */
static int told(const TF_Tensor *output, FrameTensor *answer) {
  memset(answer, 0, sizeof *answer);
  for (size_t one = 0; one < n_types; one++)
    if (types[one].type == TF_TensorType(output)) answer->as.type = types[one].number;
  if (!answer->as.type || TF_NumDims(output) > FRAME_AXES) return 0;
  answer->as.axes = (uint32_t)TF_NumDims(output);
  for (uint32_t axis = 0; axis < answer->as.axes; axis++) answer->as.lengths[axis] = (uint64_t)TF_Dim(output, (int)axis);
  answer->data = TF_TensorData(output);
  answer->size = TF_TensorByteSize(output);
  return 1;
}

static void answer(Model *model, const Frame *request) {
  static Frame given;
  TF_Tensor *inputs[FRAME_ARRAYS], *outputs[FRAME_ARRAYS] = {NULL};
  if (request->count != (uint32_t)model->inputs) {
    frame_fail("the request has another number of inputs than the model");
    return;
  }
  for (int place = 0; place < model->inputs; place++) inputs[place] = taken(&request->tensors[place]);
  uint64_t began = frame_now();
  TF_SessionRun(model->session, NULL, model->input, inputs, model->inputs, model->output, outputs, model->outputs, NULL,
                0, NULL, model->status);
  uint64_t took = frame_now() - began;
  int whole = 1;
  given.count = (uint32_t)model->outputs;
  if (TF_GetCode(model->status) == TF_OK)
    for (int place = 0; place < model->outputs; place++) whole &= told(outputs[place], &given.tensors[place]);
  if (TF_GetCode(model->status) != TF_OK) frame_fail(TF_Message(model->status));
  else if (!whole) frame_fail("an output that cannot be sent");
  else frame_write(&given, took);
  for (int place = 0; place < model->inputs; place++) TF_DeleteTensor(inputs[place]);
  for (int place = 0; place < model->outputs; place++)
    if (outputs[place]) TF_DeleteTensor(outputs[place]);
}

int main(int count, char **arguments) {
  static Frame request;
  static Model model;
  frame_open();
  frame_must(count > 3, "usage: program saved_model INPUT... -- OUTPUT...");
  const char *why = NULL;
  while (frame_read(&request)) {
    if (!model.session && !why) why = loaded(&model, count, arguments);
    if (why) frame_fail(why);
    else answer(&model, &request);
  }
  return 0;
}
