/**
 * The newest snapshot: asked for once, then pushed. Older revisions are ignored, and what did not change keeps its
 * identity. `close()` stops listening; an answer that comes later is dropped.
 */
import type { Api, Problem, Snapshot } from '../../preload/contract.ts';
import { share } from './share.ts';

/** What the window shows. */
export interface SnapshotFeed {
  /** Asks once more, after the first question failed. */
  ask(): Promise<void>;
  close(): void;
}

/** Where the snapshot goes. */
export interface SnapshotSink {
  changed(snapshot: Snapshot): void;
  /** The first snapshot could not be had. Not called once there is one. */
  failed(problem: Problem): void;
}

/** Listens first and asks then, so that no change falls between the two. */
export function openSnapshots(api: Api, sink: SnapshotSink): SnapshotFeed {
  let newest: Snapshot | null = null;
  let open = true;
  const take = (snapshot: Snapshot): void => {
    if (open && (newest === null || snapshot.revision > newest.revision)) {
      newest = share(newest, snapshot);
      sink.changed(newest);
    }
  };
  const stop = api.on('snapshot', take);
  const ask = async (): Promise<void> => {
    const answer = await api.command('snapshot.get', {});
    if (answer.ok) {
      take(answer.value);
    } else if (open && newest === null) {
      sink.failed(answer.error);
    }
  };
  return {
    ask,
    close() {
      open = false;
      stop();
    },
  };
}
