// What packaging/screenshots.py drops on an isolate.
const words = ["isolate", "context", "script"];
console.log("three nouns", words, new Map([["heap", 1], ["thread", 1]]));
console.warn("this one is a warning");
words.map((word) => word.toUpperCase());
