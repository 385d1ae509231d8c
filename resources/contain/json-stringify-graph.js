// JSON.stringify of a graph of shared arrays: the text is exponential and grows off the heap.
let graph = [1, 2, 3];
for (let i = 0; i < 30; i++) graph = [graph, graph];
JSON.stringify(graph);
