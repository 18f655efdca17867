/** The popover's entry: everything over the bridge. Lives as long as the page. */
import './style/base.css';
import { loadTongue } from './i18n/languages.ts';
import { start } from './start.ts';
import { absentTransport } from './state/absent.ts';
import Popover from './views/Popover.svelte';

void start(Popover, window.gatehouse ?? absentTransport, loadTongue);
