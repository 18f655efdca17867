/**
 * An answer of a remote server as its head has come: status, headers, and a body that waits until somebody reads it.
 * Pure but for the connection that it comes over.
 */

/** Gets a body. After `data`, exactly one of the other two is called, once. */
export interface BodyReader {
  data(chunk: Buffer): void;
  /** It is whole. */
  end(): void;
  /** The connection was lost, or closed by us, before the end. */
  broken(): void;
}

/** Headers of which a second one says nothing; all others are joined (RFC 9110 section 5.3). */
const SINGLE = new Set(['content-type', 'content-length', 'location']);

/** One answer. */
export class HttpAnswer {
  readonly status: number;
  private readonly raw: readonly Buffer[];
  private readonly resume: () => void;
  private readonly connection: { destroy(): void };
  private reader: BodyReader | null = null;
  private isBroken = false;

  /** @param raw names and values in turn */
  constructor(status: number, raw: readonly Buffer[], resume: () => void, connection: { destroy(): void }) {
    this.status = status;
    this.raw = raw;
    this.resume = resume;
    this.connection = connection;
  }

  /** The value of a header, its name in lower case; null when there is none. */
  header(name: string): string | null {
    const found: string[] = [];
    for (let at = 0; at + 1 < this.raw.length; at += 2) {
      const key = this.raw[at];
      if (key?.length !== name.length || key.toString('latin1').toLowerCase() !== name) continue;
      found.push(this.raw[at + 1]?.toString('latin1') ?? '');
      if (SINGLE.has(name)) break;
    }
    return found.length === 0 ? null : found.join(', ');
  }

  /** Whether somebody reads the body; until then nothing of it is taken from the connection. */
  get isRead(): boolean {
    return this.reader !== null;
  }

  /** Reads the body; once. */
  read(reader: BodyReader): void {
    this.reader = reader;
    if (this.isBroken) reader.broken();
    else this.resume();
  }

  /** Closes the connection; the reader hears of it as of any loss. */
  destroy(): void {
    this.connection.destroy();
  }

  /** Told by the connection. */
  data(chunk: Buffer): void {
    this.reader?.data(chunk);
  }

  end(): void {
    const { reader } = this;
    this.reader = null;
    reader?.end();
  }

  broken(): void {
    this.isBroken = true;
    const { reader } = this;
    this.reader = null;
    reader?.broken();
  }
}
