// How the applicant is addressed in advice to the operator.

/** "Ibu Siti", "Bapak Made": sex from the day in the NIK (over 40 = female), and what the station says the person is called by.
 *  Without a readable NIK only the name stands; without a name the neutral word. */
export function salute(called: string, nik: string, words: { woman: string; man: string; nobody: string }): string {
  if (!called) return words.nobody;
  const day = Number(nik.slice(6, 8));
  if (!/^\d{16}$/.test(nik) || day === 0) return called;
  const title = day > 40 ? words.woman : words.man;
  return title ? `${title} ${called}` : called;
}
