/**
 * The program of the child process that talks to the keychain: CommonJS text for `node -e`, with keytar's path as its
 * only argument. It gets one request per message and answers with the same id. Values come and go on the IPC pipe only.
 *
 * A child, because keytar cannot be trusted in our own process: against a bus that does not answer it keeps a thread for
 * good, which then hangs the exit of the whole process, and `findCredentials` on a locked keyring is a segmentation
 * fault (both seen with libsecret 0.20). A child is killed and the worst is an error.
 *
 * It ends with its parent, however that ends; by a kill, since a normal exit would wait for that thread.
 */
export const keychainChild = `'use strict';
let keytar = null;
let failure = null;
try { keytar = require(process.argv[1]); } catch (error) { failure = error; }
const operations = {
  get: (m) => keytar.getPassword(m.service, m.name),
  set: (m) => keytar.setPassword(m.service, m.name, m.value),
  delete: (m) => keytar.deletePassword(m.service, m.name),
  list: async (m) => (await keytar.findCredentials(m.service)).map((entry) => entry.account),
};
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
process.on('message', async (m) => {
  let answer;
  try {
    if (failure !== null) throw failure;
    answer = { id: m.id, value: (await operations[m.operation](m)) ?? null };
  } catch (error) {
    answer = { id: m.id, error: String((error && error.message) || error).slice(0, 300) };
  }
  if (process.connected) process.send(answer);
});
`;
