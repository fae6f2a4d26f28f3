import type { CDPSession, Page } from 'playwright-core';
import { decodePng, type Picture } from './png';

interface Frame {
  readonly png: Buffer;
  /** Seconds. */
  readonly at: number;
}

export interface Shown {
  readonly picture: Picture;
  readonly milliseconds: number;
}

/** More pictures a second than this nobody misses. */
const SHORTEST_MS = 80;

/** Records what a page shows: a picture for each change of it. */
export class Screencast {
  readonly #frames: Frame[] = [];

  private constructor(private readonly session: CDPSession) {}

  static async start(page: Page): Promise<Screencast> {
    const session = await page.context().newCDPSession(page);
    const screencast = new Screencast(session);
    session.on('Page.screencastFrame', ({ data, metadata, sessionId }) => {
      screencast.#frames.push({ png: Buffer.from(data, 'base64'), at: metadata.timestamp ?? 0 });
      void session.send('Page.screencastFrameAck', { sessionId });
    });
    await session.send('Page.startScreencast', { format: 'png', everyNthFrame: 1 });
    return screencast;
  }

  /** Ends the recording. @returns the pictures, and how long each was seen. */
  async stop(): Promise<Shown[]> {
    await this.session.send('Page.stopScreencast');
    await this.session.detach();
    const end = Date.now() / 1000;
    const kept: Frame[] = [];
    for (const frame of this.#frames) {
      const last = kept.at(-1);
      if (last !== undefined && (frame.at - last.at) * 1000 < SHORTEST_MS)
        kept[kept.length - 1] = { ...frame, at: last.at };
      else kept.push(frame);
    }
    return kept.map(({ png, at }, index) => ({
      picture: decodePng(png),
      milliseconds: Math.round(((kept[index + 1]?.at ?? end) - at) * 1000),
    }));
  }
}
