// Computes with a package of AOTInductor, without Python: requests on the standard input, answers on the standard output.
//
//     program model.pt2
//
// https://docs.pytorch.org/docs/2.13/torch.compiler_aot_inductor.html

#include <ATen/ops/from_blob.h>
#include <c10/core/InferenceMode.h>
#include <c10/util/Exception.h>
#include <torch/csrc/inductor/aoti_package/model_package_loader.h>

#include <exception>
#include <memory>
#include <stdexcept>
#include <utility>
#include <vector>

#include "framing.h"

using Model = torch::inductor::AOTIModelPackageLoader;

// Types of elements that are sent, and what PyTorch calls them.
static const std::vector<std::pair<uint32_t, at::ScalarType>> types = {
    {1, at::kFloat}, {2, at::kByte}, {3, at::kChar}, {6, at::kInt},
    {7, at::kLong},  {9, at::kBool}, {10, at::kHalf}, {11, at::kDouble},
};

static at::Tensor taken(const FrameTensor &given) {
  for (const auto &[number, type] : types) {
    if (number != given.as.type) continue;
    std::vector<int64_t> lengths(given.as.lengths, given.as.lengths + given.as.axes);
    return at::from_blob(given.data, lengths, type);
  }
  throw std::runtime_error("an input of a type that PyTorch does not have");
}

static FrameTensor told(const at::Tensor &output) {
  FrameTensor answer = {};
  for (const auto &[number, type] : types)
    if (type == output.scalar_type()) answer.as.type = number;
  if (!answer.as.type || output.dim() > FRAME_AXES) throw std::runtime_error("an output that cannot be sent");
  answer.as.axes = static_cast<uint32_t>(output.dim());
  for (uint32_t axis = 0; axis < answer.as.axes; axis++) answer.as.lengths[axis] = output.size(axis);
  answer.data = output.data_ptr();
  answer.size = output.nbytes();
  return answer;
}

static void answer(Model &model, const Frame &request) {
  std::vector<at::Tensor> inputs, kept;
  for (uint32_t place = 0; place < request.count; place++) inputs.push_back(taken(request.tensors[place]));
  const uint64_t began = frame_now();
  const std::vector<at::Tensor> outputs = model.run(inputs);
  const uint64_t took = frame_now() - began;
  if (outputs.size() > FRAME_ARRAYS) throw std::runtime_error("more outputs than can be sent");
  Frame given = {};
  given.count = static_cast<uint32_t>(outputs.size());
  for (uint32_t place = 0; place < given.count; place++) {
    kept.push_back(outputs[place].contiguous());
    given.tensors[place] = told(kept.back());
  }
  frame_write(&given, took);
}

int main(int count, char **arguments) {
  frame_open();
  frame_must(count == 2, "usage: program model.pt2");
  static Frame request;
  const c10::InferenceMode inference;
  std::unique_ptr<Model> model;
  while (frame_read(&request)) {
    try {
      if (!model) model = std::make_unique<Model>(arguments[1]);
      answer(*model, request);
    } catch (const c10::Error &error) {
      frame_fail(error.what_without_backtrace());
    } catch (const std::exception &error) {
      frame_fail(error.what());
    }
  }
}
