// Values as CDP RemoteObjects with previews, in V8's own form and limits. Nothing here runs a getter, a trap or a
// method of the user's.
(function installDescribe(parts) {
  "use strict";
  const it = parts.intrinsics;
  const SHOWN = 1 << 20;
  const { data, getOwnPropertyDescriptor, has, list, numberText, record, slice } = it;
  const MAX_PROPERTIES = 5;
  const MAX_INDICES = 100;
  const MAX_ENTRIES = 5;
  const MAX_TEXT = 100; // characters of a text inside a preview
  const MAX_NAMED_SCAN = 1000; // a longer array's named properties are not looked for: listing its keys would cost too much

  // `options`: {group, preview, byValue}; group "" makes no object id.
  function remote(value, options) {
    const made = primitive(value);
    if (made !== undefined) return made;
    const result = record();
    result.type = typeof value;
    if (typeof value === "symbol") {
      result.description = it.symbolText(value);
    } else {
      const kind = kindOf(value);
      result.subtype = kind.subtype;
      result.className = kind.className;
      result.description = kind.description;
    }
    if (options.group !== "") result.objectId = parts.table.idOf(value, options.group);
    if (options.preview && typeof value === "object") result.preview = preview(value, true);
    return result;
  }

  // `document.all` is the one value of type "undefined" that isn't undefined; V8 alone has none.
  function primitive(value) {
    const made = record();
    made.type = typeof value;
    switch (typeof value) {
      case "undefined":
        return made;
      case "boolean":
        made.value = value;
        return made;
      case "string":
        made.value = parts.json.isLong(value) ? beginning(value) : value;
        return made;
      case "number":
        made.description = isMinusZero(value) ? "-0" : numberText(value, 10);
        if (value - value === 0 && made.description !== "-0") made.value = value;
        else made.unserializableValue = made.description;
        return made;
      case "bigint":
        made.unserializableValue = made.description = it.bigintText(value, 10) + "n";
        return made;
      default:
        if (value !== null) return undefined;
        made.subtype = "null";
        made.value = null;
        return made;
    }
  }

  // As inspector/engine/cutting.py words it.
  const beginning = (text) =>
    "[" + numberText(text.length, 10) + " characters, the first " + numberText(SHOWN, 10) + " of them:] " + slice(text, 0, SHOWN);

  const isMinusZero = (value) => value === 0 && 1 / value < 0;

  function kindOf(value) {
    if (typeof value !== "function") return parts.kinds.of(value);
    const kind = record();
    if (parts.proxies.is(value)) return parts.kinds.of(value);
    kind.subtype = undefined;
    kind.className = "Function";
    kind.description = it.functionText(value);
    return kind;
  }

  function preview(value, withEntries) {
    const kind = kindOf(value);
    const result = record();
    result.type = typeof value;
    result.subtype = kind.subtype;
    result.description = kind.description;
    result.overflow = false;
    result.properties = list();
    if (parts.proxies.is(value)) return result;
    if (kind.subtype === "array" || kind.subtype === "typedarray") indices(value, result);
    named(value, kind, result);
    if (withEntries) entries(value, kind, result);
    return result;
  }

  const lengthOf = (value) => (it.isArray(value) ? data(value, "length", 0) : it.typedLength(value));

  function indices(value, result) {
    const length = lengthOf(value);
    for (let index = 0; index < length; index++) {
      if (result.properties.length >= MAX_INDICES) {
        result.overflow = true;
        return;
      }
      if (index >= MAX_NAMED_SCAN) {
        result.overflow = true; // a sparse array: the rest isn't searched
        return;
      }
      const found = getOwnPropertyDescriptor(value, index);
      if (found !== undefined) add(result, numberText(index, 10), found);
    }
  }

  function named(value, kind, result) {
    const indexed = kind.subtype === "array" || kind.subtype === "typedarray";
    if (indexed && lengthOf(value) > MAX_NAMED_SCAN) return;
    const keys = it.ownKeys(value);
    let count = 0;
    for (let index = 0; index < keys.length; index++) {
      const key = keys[index];
      if (indexed && (key === "length" || isIndex(key))) continue;
      if (kind.subtype === "error" && (key === "stack" || key === "message")) continue;
      const found = getOwnPropertyDescriptor(value, key);
      if (!found.enumerable) continue;
      if (count++ >= MAX_PROPERTIES) {
        result.overflow = true;
        return;
      }
      add(result, typeof key === "symbol" ? it.symbolText(key) : key, found);
    }
  }

  function isIndex(key) {
    if (typeof key !== "string" || key === "") return false;
    const code = it.charCodeAt(key, 0);
    return code >= 48 && code <= 57;
  }

  function add(result, name, found) {
    const property = record();
    property.name = name;
    if (!has(found, "value")) {
      property.type = "accessor";
    } else {
      property.type = typeof found.value;
      const kind = isObject(found.value) ? kindOf(found.value) : undefined;
      property.subtype = found.value === null ? "null" : kind?.subtype;
      property.value = shortText(found.value, kind);
    }
    result.properties[result.properties.length] = property;
  }

  const isObject = (value) => (typeof value === "object" && value !== null) || typeof value === "function";

  function shortText(value, kind) {
    if (typeof value === "function") return "";
    if (typeof value === "string") return abbreviated(value);
    if (typeof value === "symbol") return abbreviated(it.symbolText(value));
    if (value === null) return "null";
    if (kind !== undefined) return abbreviated(kind.description);
    return typeof value === "undefined" ? "undefined" : (primitive(value).description ?? (value ? "true" : "false"));
  }

  function abbreviated(text) {
    if (text.length <= MAX_TEXT) return text;
    const half = MAX_TEXT / 2;
    return slice(text, 0, half) + "\u2026" + slice(text, text.length - half + 1);
  }

  // Map and Set: the first entries, in order, by V8's own iterators.
  function entries(value, kind, result) {
    if (kind.subtype !== "map" && kind.subtype !== "set") return;
    result.entries = list();
    eachEntry(value, kind.subtype, (key, item) => {
      if (result.entries.length >= MAX_ENTRIES) {
        result.overflow = true;
        return false;
      }
      const entry = record();
      if (kind.subtype === "map") entry.key = small(key);
      entry.value = small(item);
      result.entries[result.entries.length] = entry;
      return true;
    });
  }

  function eachEntry(value, subtype, visit) {
    const isMap = subtype === "map";
    const iterator = isMap ? it.mapEntries(value) : it.setValues(value);
    for (;;) {
      const step = isMap ? it.mapNext(iterator) : it.setNext(iterator);
      if (step.done) return;
      const going = isMap ? visit(step.value[0], step.value[1]) : visit(undefined, step.value);
      if (!going) return;
    }
  }

  function small(value) {
    if (isObject(value) && typeof value === "object") return preview(value, false);
    const result = record();
    result.type = typeof value;
    result.subtype = value === null ? "null" : undefined;
    result.description = typeof value === "function" ? it.functionText(value) : shortText(value, undefined);
    result.overflow = false;
    result.properties = list();
    return result;
  }

  parts.describe = { __proto__: null, remote, eachEntry, isObject, kindOf };
})
