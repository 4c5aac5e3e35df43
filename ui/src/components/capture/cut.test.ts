import { describe, expect, it } from 'vitest';
import { START, frameOf } from './cut';

describe('the cut that a person places', () => {
  it('is as high as the picture when it is largest, and keeps the ratio of the photo', () => {
    const frame = frameOf({ x: 500, y: 500, size: 1000 }, 1600, 1200, 0.75);
    expect(frame).toEqual({ x: 0.21875, y: 0, w: 0.5625, h: 1 });
    expect((frame.w * 1600) / (frame.h * 1200)).toBeCloseTo(0.75);
  });

  it('is moved where it would leave the picture', () => {
    const corner = frameOf({ x: 1000, y: 0, size: 500 }, 1600, 1200, 0.75);
    expect(corner.x + corner.w).toBeCloseTo(1);
    expect(corner.y).toBe(0);
  });

  it('fits a picture that is higher than the photo', () => {
    const frame = frameOf(START, 600, 1200, 0.75);
    expect(frame.w).toBeCloseTo(0.9);
    expect(frame.h).toBeCloseTo(0.6);
  });
});
