"""BentoML on this machine, with the model in ONNX Runtime: https://docs.bentoml.com/en/latest (1.4)."""

BASED_ON = "litserve"
TITLE = "BentoML (ONNX Runtime)"
PACKAGES = ("bentoml", "onnxruntime")
BESIDE = ("serving.py", "onnx_model.py", "bentoml_server.py")
PROGRAM = "bentoml_server.py"
READY = "/readyz"
