/** Returns a message of the library as a sentence. A message with a suggestion ends with a period already. */
export const sentence = (message: string): string => (message.endsWith('.') ? message : `${message}.`);
