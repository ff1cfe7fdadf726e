import { mkdir, open, rm, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';

/** One line of an import that was not taken, and why. */
export interface RejectedLine {
  readonly file: string;
  readonly kind: 'item' | 'user' | 'behaviour';
  readonly line: number;
  readonly reason: string;
}

/** JSON Lines of what was not taken. Made with the first line, so that a clean import leaves no file. */
export class RejectsFile {
  private handle: FileHandle | undefined;
  private pending: RejectedLine[] = [];

  private constructor(
    private readonly path: string,
    /** Length of what belongs to the import. */
    public bytes: number,
    public lines: number,
  ) {}

  /** Goes on after the first `bytes`, which hold `lines` lines; what lies beyond is cut off. A file of an earlier import is removed. */
  static async open(path: string, { bytes, lines }: { readonly bytes: number; readonly lines: number }): Promise<RejectsFile> {
    if (bytes === 0) await rm(path, { force: true });
    return new RejectsFile(path, bytes, lines);
  }

  /** Waits for the disk now and then, so that a file of nothing but bad lines does not pile up in memory. */
  async add(line: RejectedLine): Promise<void> {
    this.pending.push(line);
    this.lines++;
    if (this.pending.length >= 1_000) await this.flush();
  }

  /** Resolves when everything added so far is in the file. */
  async flush(): Promise<void> {
    if (this.pending.length === 0) return;
    const text = this.pending.map((line) => `${JSON.stringify(line)}\n`).join('');
    this.pending = [];
    const handle = (this.handle ??= await this.openForWriting());
    const { bytesWritten } = await handle.write(Buffer.from(text), 0, null, this.bytes);
    this.bytes += bytesWritten;
  }

  private async openForWriting(): Promise<FileHandle> {
    await mkdir(dirname(this.path), { recursive: true });
    const handle = await open(this.path, this.bytes === 0 ? 'w' : 'r+');
    await handle.truncate(this.bytes);
    return handle;
  }

  async close(): Promise<void> {
    await this.flush();
    await this.handle?.close();
    this.handle = undefined;
  }
}
