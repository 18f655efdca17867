/**
 * The screens that a window does not begin with, in a file of their own: a window shows its servers sooner when it need not
 * read these first. Loaded when one is wanted, or when the page has nothing else to do.
 */
import Activity from './Activity.svelte';
import AddServer from './AddServer.svelte';
import Approvals from './Approvals.svelte';
import Client from './Client.svelte';
import Clients from './Clients.svelte';
import Doctor from './Doctor.svelte';
import FirstRun from './FirstRun.svelte';
import Server from './Server.svelte';
import Settings from './Settings.svelte';

export const later = { Activity, AddServer, Approvals, Client, Clients, Doctor, FirstRun, Server, Settings };

export type LaterViews = typeof later;
