// Reads exports as others do: Chrome's own CPU profile model and trace engine, and speedscope's schema.
// node read.mjs X.cpuprofile X.speedscope.json X.trace.json  ->  a JSON object of what they found
import { readFileSync } from "node:fs";
import Ajv from "ajv";
import { CPUProfileDataModel } from "@paulirish/trace_engine/models/cpu_profile/CPUProfileDataModel.js";
import { TraceModel } from "@paulirish/trace_engine/models/trace/trace.js";

const [cpuprofile, speedscope, trace] = process.argv.slice(2).map((name) => JSON.parse(readFileSync(name, "utf8")));

const selfMs = {};
for (const node of new CPUProfileDataModel(cpuprofile).nodes()) {
  selfMs[node.functionName] = (selfMs[node.functionName] ?? 0) + node.self;
}

const schema = JSON.parse(readFileSync("node_modules/speedscope/dist/release/file-format-schema.json", "utf8"));
const validate = new Ajv({ strict: false }).compile(schema);
const speedscopeErrors = validate(speedscope) ? [] : validate.errors;

const engine = TraceModel.Model.createWithAllHandlers();
await engine.parse(trace.traceEvents, { isFreshRecording: false, showAllEvents: true });
const parsed = engine.parsedTrace(0)?.data ?? engine.parsedTrace(0);
const threads = {};
for (const process of parsed.Renderer.processes.values()) {
  for (const [tid, thread] of process.threads) threads[tid] = { name: thread.name, entries: thread.entries.length };
}

console.log(JSON.stringify({ selfMs, speedscopeErrors, threads }));
