/**
 * What containment says of one server: limits that it met, what it tried and may not, why it is not observed, what it may
 * use, see and reach, what weakens it. Each sentence with its name and what varies, so that screens say it in other languages
 * (`renderer/i18n/core-texts.ts` has them all). Pure.
 */
import { asTexts, filled, type Values } from '../protocol/filled.ts';

/** The sentences, by name. */
export const CONTAINED = {
  memory: 'it needed more than its {limit} of memory, and what needed it was ended',
  processes: 'it wanted more than its {limit} processes, and was refused more',
  scratch: 'it filled its scratch space {place}, and can write no more there',
  cache: 'its package cache grew beyond its bound, and was emptied',
  write: 'it tried to change {what}, which it may not',
  read: 'it tried to read {what}, which it may not see',
  device: 'it reached for the device {what}, which it does not have',
  socket: 'it reached for a container engine at {what}, which is not there',
  process: 'it tried to look into another process, {what}',
  connect: 'it tried to reach {what}, and has no network',
  connect_past: 'it tried to reach {what} past the proxy, and has no way there',
  neighbour: 'it tried to reach {what}, where another container may be',
  wayless: 'it tried to reach addresses that it has no way to',
  files: 'it tried to change its file systems ({what}), which is refused',
  namespace: 'it tried to make or enter a namespace ({what}), which is refused',
  kernel: 'it tried to change the kernel ({what}), which is refused',
  reboot: 'it tried to restart the computer ({what}), which is refused',
  handle: 'it tried to open files behind its file systems ({what}), which is refused',
  keys: "it tried to reach the kernel's keys ({what}), which is refused",
  rename: 'it tried to rename the computer ({what}), which is refused',
  clock: 'it tried to set the clock ({what}), which is refused',
  escape: 'it tried to reach into the kernel ({what}), which is refused',
  foreign: "it used another machine's table of system calls, which is refused",
  more_files: 'it tried to reach more files and devices than are kept here',
  more_hosts: 'it tried to reach more addresses than are kept here',
  more: 'it tried more than is kept here',
  no_shell: 'its image has no shell',
  no_perl: 'its image has no Perl',
  weakened: 'its containment is weakened',
  off: 'it is switched off',
  blind: 'its kernel does not let it be observed ({why})',
  limits: '{memory} of memory, {cores} cores, {processes} processes, {scratch} of scratch space',
  limits_one: '{memory} of memory, 1 core, {processes} processes, {scratch} of scratch space',
  weak_root: 'it runs as root inside',
  weak_host_network: "it uses this computer's network as if it were not contained",
  weak_network: 'it shares the network "{name}" with other containers',
  weak_files: 'it may write to its whole file system',
  weak_privileged: 'it is privileged: it owns this computer',
  weak_host_name: 'it can name this computer in its network',
  weak_capability: 'it has the capability {what}',
  weak_device: 'it has the device {what}',
  weak_group: 'it is in the group {what}',
  weak_processes: 'it sees processes outside (pid {what})',
  weak_memory: 'it shares memory with others (ipc {what})',
  weak_users: 'its users are those of {what}',
  weak_runtime: 'it is run by {what}',
  weak_option: 'it runs with the security option {what}',
  weak_keys: 'it sees {path}, where keys are',
  weak_system: 'it sees {path}, which belongs to the system',
  files_none: 'no files',
  files_read: 'reads {reads}',
  files_change: 'changes {changes}',
  files_both: 'reads {reads}, changes {changes}',
  network_none: 'no network',
  network_all: 'all of the network',
  network_learn: 'every public host, and notes which',
  network_only: 'reaches {hosts}',
  network_own: "this computer's own network",
  network_named: 'the network {name}',
} as const satisfies Readonly<Record<string, string>>;

/** Name of one. */
export type ContainedForm = keyof typeof CONTAINED;

/** A sentence, and what says it in other languages; the shape of the contract's `Said`. */
export interface Sentence {
  readonly text: string;
  readonly said: { readonly form: string; readonly values: Readonly<Record<string, string>> };
}

/** One of them with its values. */
export function sentence(form: ContainedForm, values: Values = {}): Sentence {
  return {
    text: filled(CONTAINED[form], values),
    said: { form: `contained.${form}`, values: asTexts(values) },
  };
}
