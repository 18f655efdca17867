/** The core's sentences in Simplified Chinese; loaded with the language. */
import type { CoreCatalog } from './core-speech.ts';
import { coreTexts } from './zh-core-texts.ts';
import { problems } from './zh-problems.ts';

export const core: Omit<CoreCatalog, 'detailed'> = { texts: coreTexts, problems };
