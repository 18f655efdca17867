/**
 * The program of the helper process that talks to the keychain. It gets one request per message and answers with the
 * same id; values come and go in messages only.
 *
 * A process of its own, because keytar cannot be trusted in ours: against a bus that does not answer it keeps a thread
 * for good, which then hangs the exit of the whole process, and `findCredentials` on a locked keyring is a segmentation
 * fault (both seen with libsecret 0.20). The helper is killed and the worst is an error.
 */

/** The part of keytar that is used. */
export interface Keytar {
  getPassword(service: string, account: string): Promise<string | null>;
  setPassword(service: string, account: string, password: string): Promise<void>;
  deletePassword(service: string, account: string): Promise<boolean>;
  findCredentials(service: string): Promise<{ readonly account: string }[]>;
}

/** The helper's side of the pipe to its parent. */
export interface ChildPort {
  listen(listener: (message: unknown) => void): void;
  send(message: unknown): void;
}

/** What the parent asks for. */
export interface KeychainRequest {
  readonly id: number;
  readonly operation: 'get' | 'set' | 'delete' | 'list';
  readonly service: string;
  readonly name: string;
  readonly value: string;
}

/**
 * Says `{ ready: true }`, then answers requests for as long as the process lives. It must use nothing outside itself: under Node its own text is
 * what the helper runs.
 */
export function serveKeychain(load: () => Keytar, port: ChildPort): void {
  const run = async (request: KeychainRequest): Promise<unknown> => {
    const keytar = load();
    switch (request.operation) {
      case 'get':
        return keytar.getPassword(request.service, request.name);
      case 'set':
        return keytar.setPassword(request.service, request.name, request.value);
      case 'delete':
        return keytar.deletePassword(request.service, request.name);
      case 'list':
        return (await keytar.findCredentials(request.service)).map((entry) => entry.account);
    }
  };
  port.listen((message) => {
    const request = message as KeychainRequest;
    run(request).then(
      (value) => port.send({ id: request.id, value: value ?? null }),
      (error: unknown) => {
        const text = error instanceof Error ? error.message : String(error);
        port.send({ id: request.id, error: text.slice(0, 300) });
      },
    );
  });
  port.send({ ready: true });
}

/**
 * The same as CommonJS text for `node -e`, with keytar's path as its only argument. It ends with its parent, however
 * that ends; by a kill, since a normal exit would wait for a thread that hangs.
 */
export function keychainProgram(): string {
  return `'use strict';
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
(${serveKeychain.toString()})(() => require(process.argv[1]), {
  listen: (listener) => process.on('message', listener),
  send: (message) => { if (process.connected) process.send(message); },
});
`;
}
