/** The input schemas of the tools, and the check of an input. */
import { nearest } from '../../parse/nearest.js';

/** A property of an input: the part of JSON Schema that the tools need. */
export interface Property {
  type: 'string' | 'boolean' | 'array' | ['string', 'null'] | ['array', 'null'];
  items?: { type: 'string' };
  minItems?: number;
  minLength?: number;
  enum?: readonly string[];
  description: string;
}

export interface InputSchema {
  type: 'object';
  properties: Record<string, Property>;
  required: string[];
  additionalProperties: false;
}

/** Returns the schema of an input whose properties are required or optional. */
export const inputSchema = (
  required: Record<string, Property>,
  optional: Record<string, Property> = {},
): InputSchema => ({
  type: 'object',
  properties: { ...required, ...optional },
  required: Object.keys(required),
  additionalProperties: false,
});

/** Returns every fault of an input, a sentence each. */
export function faultsOf(input: Record<string, unknown>, { properties, required }: InputSchema): string[] {
  const missing = required
    .filter((name) => input[name] === undefined)
    .map((name) => `${name}: is missing; give ${properties[name]?.description}`);
  const wrong = Object.entries(input).flatMap(([name, value]) => {
    const property = Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (property) return value === undefined ? [] : faultOf(name, value, property);
    const names = Object.keys(properties);
    const near = nearest(name, names);
    return [`${name}: there is no such argument; ${near ? `did you mean ${near}?` : remedyFor(names)}`];
  });
  return [...missing, ...wrong];
}

const remedyFor = (names: readonly string[]): string =>
  names.length ? `there are ${names.join(', ')}` : 'leave it out';

function faultOf(name: string, value: unknown, property: Property): string[] {
  const types = [property.type].flat();
  if (value === null && types.includes('null')) return [];
  if (types.includes('array')) {
    if (!Array.isArray(value)) return [`${name}: must be a list of texts, is ${describe(value)}`];
    if (value.length < (property.minItems ?? 0)) return [`${name}: is empty; give ${property.description}`];
    const at = value.findIndex((entry) => typeof entry !== 'string');
    return at < 0 ? [] : [`${name}[${at}]: must be a text, is ${describe(value[at])}`];
  }
  if (types.includes('boolean')) {
    return typeof value === 'boolean' ? [] : [`${name}: must be true or false, is ${describe(value)}`];
  }
  if (typeof value !== 'string') return [`${name}: must be a text, is ${describe(value)}`];
  if (value.length < (property.minLength ?? 0)) return [`${name}: is empty; give ${property.description}`];
  if (!property.enum || property.enum.includes(value)) return [];
  return [`${name}: must be one of ${property.enum.join(', ')}, is ${JSON.stringify(value)}`];
}

const describe = (value: unknown): string => {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'a list' : typeof value === 'object' ? 'an object' : JSON.stringify(value);
};
