/** How screens reach the app: by context, so that a test or a second window can give them another one. */
import { createContext } from 'svelte';
import type { App } from './app.svelte.ts';

/** `useApp()` reads it while a component is being made; `provideApp()` is for the root. */
export const [useApp, provideApp] = createContext<App>();
