// How the applicant is addressed in advice to the operator.

/** "Ibu Siti", "Bapak Ketut": sex from the day in the NIK (over 40 = female), first word of the name.
 *  Without a readable NIK only the name stands; without a name the neutral word. */
export function salute(name: string, nik: string, words: { woman: string; man: string; nobody: string }): string {
  const first = name.trim().split(/\s+/)[0] ?? '';
  if (!first) return words.nobody;
  const called = first.charAt(0).toUpperCase() + first.slice(1).toLowerCase();
  const day = Number(nik.slice(6, 8));
  if (!/^\d{16}$/.test(nik) || day === 0) return called;
  const title = day > 40 ? words.woman : words.man;
  return title ? `${title} ${called}` : called;
}
