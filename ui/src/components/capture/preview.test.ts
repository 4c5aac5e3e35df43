import { describe, expect, it } from 'vitest';
import { LATE_AFTER_MS, coverCrop, isLate, isLive, newestFrame, whyLate } from './preview';

/** A painter that finishes only when told, so that a slow screen can be played. */
function slowPainter() {
  const painted: number[] = [];
  const finish: (() => void)[] = [];
  const onFrame = newestFrame<number>(
    (n) =>
      new Promise<void>((done) => {
        painted.push(n);
        finish.push(done);
      }),
  );
  const send = (n: number) => {
    const state = { acknowledged: false };
    void onFrame(n, new Blob()).then(() => (state.acknowledged = true));
    return state;
  };
  return { painted, finish, send };
}
const settle = async () => {
  for (let i = 0; i < 5; i++) await Promise.resolve();
};

describe('the live preview', () => {
  it('paints the newest frame and skips what came while it was painting', async () => {
    const { painted, finish, send } = slowPainter();
    send(1);
    send(2);
    send(3);
    expect(painted, 'only one frame is painted at a time').toEqual([1]);
    finish[0]!();
    await settle();
    expect(painted, 'frame 2 was overtaken by frame 3').toEqual([1, 3]);
  });

  it('acknowledges a painted frame only after it was painted', async () => {
    const { finish, send } = slowPainter();
    const first = send(1);
    await settle();
    expect(first.acknowledged, 'the shell must not send more than the screen can take').toBe(false);
    finish[0]!();
    await settle();
    expect(first.acknowledged).toBe(true);
  });

  it('acknowledges an overtaken frame at once, so that the sender never starves', async () => {
    const { send } = slowPainter();
    send(1);
    const second = send(2);
    send(3);
    await settle();
    expect(second.acknowledged).toBe(true);
  });

  it('goes on after a frame that cannot be decoded', async () => {
    const problems: unknown[] = [];
    const painted: number[] = [];
    const onFrame = newestFrame<number>(
      (n) => {
        if (n === 1) return Promise.reject(new Error('damaged'));
        painted.push(n);
        return Promise.resolve();
      },
      (p) => problems.push(p),
    );
    await onFrame(1, new Blob());
    await onFrame(2, new Blob());
    expect(painted, 'the frame after the damaged one is shown').toEqual([2]);
    expect(problems, 'the damaged one is told').toHaveLength(1);
  });

  it('is no longer called live when the picture stands still', () => {
    expect(isLive(null, 0), 'nothing was painted yet').toBe(false);
    expect(isLive(1000, 1500)).toBe(true);
    expect(isLive(1000, 4000), 'a picture of three seconds ago is not live').toBe(false);
  });

  it('is late only after a while, and says why as its device does', () => {
    expect(isLate(1000, 999 + LATE_AFTER_MS), 'the device is being switched on').toBe(false);
    expect(isLate(1000, 1000 + LATE_AFTER_MS)).toBe(true);
    expect(whyLate({ state: 'faulted', reason: 'not_ready' })).toBe('not_ready');
    expect(whyLate({ state: 'ready', reason: null }), 'it knows of nothing').toBe('');
    expect(whyLate(undefined), 'nobody knows').toBe('');
    expect(whyLate({ state: 'busy', reason: null }), 'it reads, and shows nothing meanwhile').toBeNull();
  });

  it('cuts a wide picture at the sides and a tall one above and below', () => {
    expect(coverCrop({ width: 1600, height: 900 }, { width: 300, height: 400 })).toEqual({
      x: 462.5,
      y: 0,
      width: 675,
      height: 900,
    });
    expect(coverCrop({ width: 300, height: 800 }, { width: 300, height: 400 })).toEqual({
      x: 0,
      y: 200,
      width: 300,
      height: 400,
    });
  });
});
