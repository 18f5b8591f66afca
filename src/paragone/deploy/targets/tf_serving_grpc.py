"""TF Serving over gRPC: https://www.tensorflow.org/tfx/serving/serving_basic.

The messages are those of tensorflow-serving-api 2.21. Which server is asked stands in `tf_serving.py` beside this file.
"""

BASED_ON = "tf_serving_rest"
TITLE = "TF Serving, gRPC"
WAY = "grpc"
