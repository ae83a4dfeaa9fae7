/** The parts that the questions of `probe` share. */
import type { ProbeApi } from './api.js';
import type { ThrowawayApp } from './throwaway-app.js';

/** The answers so far, by the name of the question. `null` stands for a question that could not be answered. */
export type Answers = Record<string, unknown>;

export interface Inquiry {
  api: ProbeApi;
  app: ThrowawayApp;
  answers: Answers;
  /** Tells why a question has no answer, or how sure an answer is. */
  note: (text: string) => void;
}

/** The domain of the hosts that the questions name. Nothing is sent to them. */
const DOMAIN = 'wix-oauth-apps-probe.example.com';

export const host = (label: string): string => `${label}.${DOMAIN}`;
export const url = (label: string, path = '/cb'): string => `https://${host(label)}${path}`;
