import { describe, expect, it } from 'vitest';
import { salute } from './salute';

const words = { woman: 'Ibu', man: 'Bapak', nobody: 'pemohon' };

describe('the way an applicant is addressed', () => {
  it('follows the day in the NIK and says the name that the station gives', () => {
    expect(salute('Luh', '1804015403089002', words)).toBe('Ibu Luh');
    expect(salute('Made', '1813100108699002', words)).toBe('Bapak Made');
  });

  it('guesses no sex without a readable NIK', () => {
    expect(salute('Wayan', '', words)).toBe('Wayan');
    expect(salute('Wayan', '18130000', words)).toBe('Wayan');
  });

  it('is neutral without a name', () => {
    expect(salute('', '1804015403089002', words)).toBe('pemohon');
  });
});
