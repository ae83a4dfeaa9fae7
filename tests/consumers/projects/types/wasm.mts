import { init } from 'wix-oauth-apps';
import wasm from 'wix-oauth-apps/core.wasm';

export const ready: Promise<void> = init({ wasm });
