/**
 * Keeps the events of one session's streams in memory, so that a client that was cut off gets what it missed.
 * Ends with its session.
 */
const kept = 1_000;

/** @returns {import('@modelcontextprotocol/sdk/server/streamableHttp.js').EventStore} */
export function memoryEvents() {
  /** @type {Array<{ id: string, streamId: string, message: object }>} */
  const events = [];
  let count = 0;
  return {
    async storeEvent(streamId, message) {
      count++;
      events.push({ id: String(count), streamId, message });
      if (events.length > kept) events.shift();
      return String(count);
    },
    async getStreamIdForEventId(id) {
      return events.find((event) => event.id === id)?.streamId;
    },
    async replayEventsAfter(lastId, { send }) {
      const last = events.findIndex((event) => event.id === lastId);
      const streamId = events[last]?.streamId ?? '';
      const missed = events.slice(last + 1).filter((event) => event.streamId === streamId);
      // The event that opens a stream carries no message.
      for (const { id, message } of missed) if ('jsonrpc' in message) await send(id, message);
      return streamId;
    },
  };
}
