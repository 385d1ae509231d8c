// Collects behaviours: each has a sentence (docs/web-globals.md lists them) and a function that throws, or gives false.
var behaviours = [];
var covers = (sentence, check) => { behaviours.push([sentence, check]); };
var equal = (seen, wanted) => {
  const [one, other] = [seen, wanted].map((value) => JSON.stringify(value));
  if (one !== other) throw new Error(`${one} instead of ${other}`);
};
var throwsAs = (name, action) => {
  try {
    action();
  } catch (error) {
    if (error.name !== name) throw new Error(`${error.name} instead of ${name}`, { cause: error });
    return error;
  }
  throw new Error(`no ${name}`);
};
var results = async () => {
  const failed = [];
  for (const [sentence, check] of behaviours) {
    try {
      if ((await check()) === false) failed.push([sentence, 'false']);
    } catch (error) {
      failed.push([sentence, String(error)]);
    }
  }
  return { names: behaviours.map(([sentence]) => sentence), failed };
};
