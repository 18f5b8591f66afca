"""Ray Serve on this machine, with the model in ONNX Runtime: https://docs.ray.io/en/releases-2.60.0/serve (2.60)."""

BASED_ON = "litserve"
TITLE = "Ray Serve (ONNX Runtime)"
PACKAGES = ("ray[serve]", "onnxruntime")
BESIDE = ("serving.py", "onnx_model.py", "ray_server.py")
PROGRAM = "ray_server.py"
