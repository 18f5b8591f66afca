// Computes with a model of ONNX in WebAssembly: requests on the standard input, answers on the standard output.
//
//     node onnxruntime_web.cjs model.onnx
//
// It speaks in messages that framing.py describes. Node finds the package onnxruntime-web in a folder node_modules
// beside this file, or where NODE_PATH says. https://onnxruntime.ai/docs/api/js/ (1.30)

"use strict";

const fs = require("node:fs");

for (const name of ["log", "info", "debug"]) console[name] = console.error; // the standard output is for answers

const HEAD = 24, ARRAY = 72, MOST_ARRAYS = 64, MOST_AXES = 8, MOST_BYTES = 2 ** 31;

// Types of elements that are sent: what ONNX Runtime calls them, and what holds them.
const TYPES = {
  1: ["float32", Float32Array], 2: ["uint8", Uint8Array], 3: ["int8", Int8Array], 6: ["int32", Int32Array],
  7: ["int64", BigInt64Array], 9: ["bool", Uint8Array], 10: ["float16", Uint16Array], 11: ["float64", Float64Array],
};

function must(held, what) {
  if (!held) throw new Error(what);
}

// So many bytes of the input; null at its end.
function exactly(size) {
  const found = Buffer.from(new ArrayBuffer(size)); // at the start of a buffer of its own: elements are aligned
  for (let filled = 0; filled < size; ) {
    const read = fs.readSync(0, found, filled, Math.min(size - filled, 2 ** 30), null);
    if (read === 0) return must(filled === 0, "half a request") ?? null;
    filled += read;
  }
  return found;
}

function readArray() {
  const described = exactly(ARRAY);
  must(described, "half a request");
  const number = described.readUInt32LE(0), axes = described.readUInt32LE(4);
  must(number in TYPES && axes <= MOST_AXES, "an array of a type or of axes that are not sent");
  const [type, Elements] = TYPES[number];
  const lengths = Array.from({ length: axes }, (_, axis) => Number(described.readBigUInt64LE(8 + 8 * axis)));
  const size = lengths.reduce((product, length) => product * length, Elements.BYTES_PER_ELEMENT);
  must(size <= MOST_BYTES, "an array that is too large");
  const data = exactly(size);
  must(data, "half a request");
  return [type, new Elements(data.buffer), lengths];
}

// The inputs of the next request; null at the end of the input.
function readRequest() {
  const head = exactly(HEAD);
  if (head === null) return null;
  const count = head.readUInt32LE(4);
  must(head.toString("latin1", 0, 4) === "ARRS" && count <= MOST_ARRAYS, "no request");
  return Array.from({ length: count }, readArray);
}

function write(bytes) {
  for (let done = 0; done < bytes.length; ) done += fs.writeSync(1, bytes, done, bytes.length - done);
}

// The high-water mark of this process: VmHWM of proc(5).
function peakBytes() {
  const found = /VmHWM:\s+(\d+)/.exec(fs.readFileSync("/proc/self/status", "latin1"));
  return found ? BigInt(found[1]) * 1024n : 0n;
}

function writeHead(kind, count, tookNs) {
  const head = Buffer.alloc(HEAD);
  head.write(kind, "latin1");
  head.writeUInt32LE(count, 4);
  head.writeBigUInt64LE(tookNs, 8);
  head.writeBigUInt64LE(peakBytes(), 16);
  write(head);
}

function describe(tensor) {
  const number = Object.keys(TYPES).find((one) => TYPES[one][0] === tensor.type);
  must(number && tensor.dims.length <= MOST_AXES, `an output of ${tensor.type} that cannot be sent`);
  const described = Buffer.alloc(ARRAY);
  described.writeUInt32LE(Number(number), 0);
  described.writeUInt32LE(tensor.dims.length, 4);
  tensor.dims.forEach((length, axis) => described.writeBigUInt64LE(BigInt(length), 8 + 8 * axis));
  return described;
}

function writeAnswer(outputs, tookNs) {
  const described = outputs.map(describe);
  writeHead("ARRS", outputs.length, tookNs);
  outputs.forEach((tensor, place) => {
    write(described[place]);
    write(Buffer.from(tensor.data.buffer, tensor.data.byteOffset, tensor.data.byteLength));
  });
}

function writeFailure(error) {
  const text = Buffer.from(String(error?.message ?? error)).subarray(0, 4096);
  writeHead("FAIL", text.length, 0n);
  write(text);
}

// A model; weights that it keeps in a file of their own stand beside it: https://onnx.ai/onnx/repo-docs/ExternalData.html
async function load(ort, path) {
  const beside = `${path}.data`;
  const externalData = fs.existsSync(beside)
    ? [{ path: require("node:path").basename(beside), data: fs.readFileSync(beside) }] : [];
  return ort.InferenceSession.create(fs.readFileSync(path), { executionProviders: ["wasm"], externalData });
}

async function answer(ort, session, inputs) {
  must(inputs.length === session.inputNames.length, "the request has another number of inputs than the model");
  const feeds = Object.fromEntries(session.inputNames.map((name, place) => [name, new ort.Tensor(...inputs[place])]));
  const began = process.hrtime.bigint();
  const found = await session.run(feeds);
  const tookNs = process.hrtime.bigint() - began;
  writeAnswer(session.outputNames.map((name) => found[name]), tookNs);
}

async function main() {
  let ort, session, inputs;
  while ((inputs = readRequest()) !== null) {
    try {
      ort ??= require("onnxruntime-web");
      session ??= await load(ort, process.argv[2]);
      await answer(ort, session, inputs);
    } catch (error) {
      writeFailure(error);
    }
  }
}

main().then(() => process.exit(0), (error) => {
  console.error(error.message);
  process.exit(3);
});
