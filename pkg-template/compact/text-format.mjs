// Reads functions in WebAssembly's text format as binaryen prints it: one instruction a line, in front of its operands.

/** Splits a module into the text before its functions, the functions, and the text after them. */
export function splitFunctions(text) {
  const starts = Array.from(text.matchAll(/^ \(func /gm), ({ index }) => index);
  const end = text.indexOf('\n )\n', starts.at(-1)) + '\n )\n'.length;
  const functions = starts.map((start, at) => text.slice(start, starts[at + 1] ?? end));
  return { head: text.slice(0, starts[0]), functions, tail: text.slice(end) };
}

/** Returns the instructions of a function in the order in which the binary format has them: operands first. */
export function instructionsOf(code) {
  const instructions = [];
  const open = [];
  for (const line of code.split('\n').slice(1)) {
    const text = line.trim();
    if (text === ')') {
      const last = open.pop();
      if (last !== undefined) instructions.push(isBlock(last) ? 'end' : last);
    } else if (text.startsWith('(') && text.endsWith(')')) {
      if (!text.startsWith('(local $')) instructions.push(text.slice(1, -1));
    } else if (text.startsWith('(')) {
      open.push(text.slice(1));
      // A block begins before its content.
      if (isBlock(text.slice(1))) instructions.push(text.slice(1));
    }
  }
  return instructions.map((text) => text.replace(/ \$(block|label)\d*/g, ''));
}

const isBlock = (instruction) => /^(block|loop|if|then|else)\b/.test(instruction);
