// Second of two isolates that talk: it answers what the first one asks. An object arrives as a copy, a Set as a Set.
const counts = new Map();

port.onmessage = ({ data }) => {
  const words = data.text.trim().split(" ");
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  port.postMessage({ id: data.id, words: words.length, tagged: data.tags instanceof Set });
};
console.info("Answering. Stop me, and the questions wait.");
