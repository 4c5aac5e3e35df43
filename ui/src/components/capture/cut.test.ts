import { describe, expect, it } from 'vitest';
import { START, frameOf, turnedOn, turnedSize } from './cut';

describe('the cut that a person places', () => {
  it('is as high as the picture when it is largest, and keeps the ratio of the photo', () => {
    const frame = frameOf({ ...START, size: 1000 }, 1600, 1200, 0.75);
    expect(frame).toEqual({ x: 0.21875, y: 0, w: 0.5625, h: 1 });
    expect((frame.w * 1600) / (frame.h * 1200)).toBeCloseTo(0.75);
  });

  it('is moved where it would leave the picture', () => {
    const corner = frameOf({ turn: 0, x: 1000, y: 0, size: 500 }, 1600, 1200, 0.75);
    expect(corner.x + corner.w).toBeCloseTo(1);
    expect(corner.y).toBe(0);
  });

  it('is turned on by a quarter, over what it was over, and four quarters are none', () => {
    const right = turnedOn({ turn: 0, x: 700, y: 200, size: 400 });
    expect(right, 'what lay to the right lies below').toEqual({ turn: 90, x: 800, y: 700, size: 400 });
    const whole = turnedOn(turnedOn(turnedOn(right)));
    expect(whole).toEqual({ turn: 0, x: 700, y: 200, size: 400 });
    expect([0, 90, 180, 270].map((turn) => turnedSize(turn, 1600, 1200)[0])).toEqual([1600, 1200, 1600, 1200]);
  });

  it('fits a picture that is higher than the photo', () => {
    const frame = frameOf(START, 600, 1200, 0.75);
    expect(frame.w).toBeCloseTo(0.9);
    expect(frame.h).toBeCloseTo(0.6);
  });
});
