#!/bin/sh
# Serves this artifact by TF Serving, REST at 8501 and gRPC at 8500: https://www.tensorflow.org/tfx/serving/docker
# Then: PARAGONE_TF_SERVING=localhost:8501:8500 python run_tf_serving_rest.py
here=$(cd "$(dirname "$0")" && pwd)
if command -v tensorflow_model_server > /dev/null; then
    exec tensorflow_model_server --rest_api_port=8501 --port=8500 --model_name=model --model_base_path="$here/saved_model"
fi
exec docker run --rm -p 127.0.0.1:8500:8500 -p 127.0.0.1:8501:8501 \
    -v "$here/saved_model:/models/model:ro" -e MODEL_NAME=model tensorflow/serving
