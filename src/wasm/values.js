// Values of the host as the core reads them. Like those of `host.js`, the functions decide nothing and throw nothing.

// A caller's value is read once and passed to the core as one text, its flat form:
//   z null · t true · f false · n<high>:<low>: a number, as the two halves of its bits · s<length>:<text> a string, with its
//   length in UTF-16 code units · [<values>] · {<length>:<name><value>…} · x<kind> a value that JSON has no form for

/** Deeper than anything the API takes; a cyclic object ends here. */
const MAX_DEPTH = 8;
/** More than the largest draft has (200 mappings); an object that refers to itself many times ends here. */
const MAX_VALUES = 10_000;

// The kinds of values without a form in JSON; `FOREIGN` in `convert.rs` has the same order.
const UNDEFINED = 'xa';
const FUNCTION = 'xb';
const NOT_FINITE = 'xc';
const SYMBOL = 'xd';
const BIGINT = 'xe';
const TOO_DEEP = 'xf';
const THROWING_OBJECT = 'xg';
const THROWING_PROPERTY = 'xh';
const THROWING_ELEMENT = 'xi';
const NOT_PLAIN = 'xj';
const BROKEN_TEXT = 'xk';
const ABORT_SIGNAL = 'xl';

const LONE_SURROGATE = /\p{Surrogate}/u;
const bits = new DataView(new ArrayBuffer(8));

/** Returns the flat form of a value. */
export const flatten = (value) => flattenValue({ left: MAX_VALUES }, value, 0);

/** Returns the flat form of an object with only the members of those names, a line each. */
export function flattenLists(app, names) {
  if (typeof app !== 'object' || app === null) return flatten(app);
  return flattenMembers({ left: MAX_VALUES }, app, names.split('\n'), 0) + '}';
}

/**
 * Reads options. The result has their flat form as `flat`, and under its own name each function among them and the signal.
 * Own members alone: a polluted `Object.prototype` must not be read for options that nobody gave.
 */
export function readOptions(options, keepsUndefined) {
  const found = { __proto__: null };
  const reading = { left: MAX_VALUES, found, keepsUndefined };
  found.flat = options === undefined ? '{}' : flattenValue(reading, options, 0);
  return found;
}

// The state of a reading: `left` is how many values may still be read, `found` takes the functions and the signal of options.

function flattenValue(reading, value, depth, name) {
  if (reading.left > 0) reading.left -= 1;
  const { found } = reading;
  switch (typeof value) {
    case 'undefined':
      return UNDEFINED;
    case 'string':
      return LONE_SURROGATE.test(value) ? BROKEN_TEXT : `s${value.length}:${value}`;
    case 'number':
      if (!Number.isFinite(value)) return NOT_FINITE;
      bits.setFloat64(0, value);
      return `n${bits.getUint32(0)}:${bits.getUint32(4)}:`;
    case 'boolean':
      return value ? 't' : 'f';
    case 'symbol':
      return SYMBOL;
    case 'bigint':
      return BIGINT;
    case 'function':
      if (found) found[name] = value;
      return FUNCTION;
  }
  if (value === null) return 'z';
  if (found && depth === 1 && name === 'signal' && isSignal(value)) {
    found.signal = value;
    return ABORT_SIGNAL;
  }
  if (depth >= MAX_DEPTH || reading.left === 0) return TOO_DEEP;
  try {
    if (Array.isArray(value)) return flattenElements(reading, value, depth);
    const members = flattenMembers(reading, value, Object.keys(value), depth);
    // A `Map`, `Headers` and their like have no members; read as `{}` their content would be lost silently.
    return members === '{' && typeof value[Symbol.toStringTag] === 'string' ? NOT_PLAIN : members + '}';
  } catch {
    return THROWING_OBJECT;
  }
}

function flattenMembers(reading, object, names, depth) {
  let flat = '{';
  for (const name of names) {
    if (reading.left === 0) break;
    let member = THROWING_PROPERTY;
    try {
      const value = object[name];
      if (value === undefined && !reading.keepsUndefined) continue;
      member = flattenValue(reading, value, depth + 1, name);
    } catch {
      reading.left -= 1;
    }
    flat += `${name.length}:${name}${member}`;
  }
  return flat;
}

function flattenElements(reading, list, depth) {
  const { length } = list;
  let flat = '[';
  for (let at = 0; at < length && reading.left > 0; at += 1) {
    let element = THROWING_ELEMENT;
    try {
      element = flattenValue(reading, list[at], depth + 1);
    } catch {
      reading.left -= 1;
    }
    flat += element;
  }
  return flat + ']';
}

/** Checks for a signal by its members: `instanceof` fails across realms. */
function isSignal(value) {
  try {
    return typeof value.aborted === 'boolean' && typeof value.addEventListener === 'function';
  } catch {
    return false;
  }
}

// Parsed JSON, thrown errors and other values that belong to the host.

/** Returns a member of an object; `undefined` if there is none or it throws. */
export function member(object, name) {
  try {
    return Object(object) === object ? object[name] : undefined;
  } catch {
    return undefined;
  }
}

export function setMember(object, name, value) {
  object[name] = value;
}

export const hasText = (object, name) => typeof member(object, name) === 'string';

/** Returns a member of an object if it is text. */
export const textOf = (object, name) => (hasText(object, name) ? object[name] : undefined);

/**
 * Returns the member `oAuthApp` of a body if it is an object with text as its ID. The core could read both members by name, but
 * a name takes longer to pass than the member to read: this function, and the body as a part of the request's text, take 0.2 to
 * 0.7 µs from a create (`node --expose-gc bench/calls.mjs`).
 */
export function appOf(body) {
  const app = member(body, 'oAuthApp');
  return hasText(app, 'id') ? app : undefined;
}

/**
 * Returns the apps whose ID is not in a set, and adds it. An app without an ID is always new. With `overlaps`, returns
 * `undefined` and adds nothing if the first app's ID is not in a set that is not empty.
 *
 * The IDs of a page stay here: passing them to the core takes longer than the rest of the call (`node bench/calls.mjs`).
 */
export function takeNew(apps, ids, overlaps) {
  if (overlaps && ids.size > 0 && !ids.has(apps[0]?.id)) return undefined;
  return apps.filter((app) => {
    const id = app?.id;
    return !id || typeof id !== 'string' || ids.size < ids.add(id).size;
  });
}

/** Returns the length of a list, and `undefined` for anything else. */
export const lengthOf = (list) => (Array.isArray(list) ? list.length : undefined);
