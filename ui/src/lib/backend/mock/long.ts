// The twin with the longest words that offices, places and people have: names of 60 letters and more, one word alone,
// apostrophes, and a script that is written from the right.
import type { Backend } from '../contract';

/** What stands for what; a name written in capitals gets its other in capitals. */
const WORDS: [string, string][] = [
  ['Siti Rahmawati', 'Raden Ajeng Siti Rahmawati Kusumaningtyas Wijayakusumaningrat Hadiningrum'],
  ['Rizki Ramadhan', 'Hadiprayitnokusumowardhanisastroningratmangunkusumosuryodiningratputra'],
  ['Wayan Sudiarta', 'Suparman'],
  ['Marlina Zainuddin', 'مارلينا بنت زين الدين عبد الرحمن'],
  ['Nurmala Effendi', 'Nurmala Effendi Abdurrahman Wahid Hasyim Asy’ari Kertanegara Putri Kusumaningrat'],
  ['Bambang Irawan', 'Ma’ruf ‘Abdu’l-Qadir Nur’aini D’Angelo O’Brien Sa’adiyah Mu’minin Ra’uf'],
  ['Dewi Anggraini', 'Dr. Hj. Dewi Anggraini Kusumawardhani Notonegoro, S.I.P., M.A.P.'],
  ['Hendra Saputra', 'Hendrapurnamakusumasaputranegara'],
  ['Maya Sari', 'Maya Sari Puspaningrum Hadisoebroto Tjokrowerdojo'],
  ['Rizal Fahmi', 'Ja’far'],
  ['Stasiun Krui 02', 'Stasiun Perekaman Keliling Kecamatan Pesisir Tengah Krui 02'],
  ['Disdukcapil Pesisir Barat', 'Dinas Kependudukan dan Pencatatan Sipil Kabupaten Pesisir Barat'],
  ['Loket perekaman, Pesisir Tengah', 'Loket perekaman bagi warga berkebutuhan khusus, Pesisir Tengah'],
  ['Pekon Pasar Krui', 'Pekon Persiapan Pemekaran Sumberagungmulyasari Timur Laut'],
  ['Pekon Kampung Jawa', 'Pekon Kampungjawasukamajusejahterabahagia'],
];

function stretch(value: unknown): unknown {
  if (typeof value === 'string') {
    let text = value;
    for (const [short, long] of WORDS)
      text = text.replaceAll(short, long).replaceAll(short.toUpperCase(), long.toUpperCase());
    return text;
  }
  if (Array.isArray(value)) return value.map(stretch);
  if (value !== null && typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype)
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, stretch(one)]));
  return value;
}

/** The same backend, whose answers are long. */
export function longWords(backend: Backend): Backend {
  const long = { ...backend } as Record<string, unknown>;
  for (const [name, call] of Object.entries(backend) as [string, (...given: unknown[]) => unknown][])
    if (name !== 'listen')
      long[name] = (...given: unknown[]) => {
        const answer = call(...given);
        return answer instanceof Promise ? answer.then(stretch) : answer;
      };
  return long as unknown as Backend;
}
