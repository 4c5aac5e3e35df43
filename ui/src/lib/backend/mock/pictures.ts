// Drawn pictures for the mock: nobody's face, eye or finger.
import { RIDGES } from '../../../components/capture/ridges';

const PAL = {
  skin: '#e9c8a6',
  skin2: '#d9ae86',
  skinLine: '#a97f57',
  ridge: '#2a3a3f',
  platen: '#dfe6e4',
  biru: '#2f6fb3',
  merah: '#b3262b',
  bebas: '#dfe3de',
};

/** How the drawn person sits. */
export interface Pose {
  backdrop: 'biru' | 'merah' | 'bebas';
  tilt?: number;
  eyesClosed?: boolean;
  /** The person's own left side lies in shadow: the picture's right. */
  darkLeft?: boolean;
  dark?: boolean;
  shift?: number;
  /** Before the live camera, between the lines of crown and chin. */
  live?: boolean;
}

/** A portrait 3:4. */
export function portraitSvg(width: number, height: number, pose: Pose, fit: 'slice' | 'meet' = 'slice'): string {
  const eyes = pose.eyesClosed
    ? '<path d="M-24 -7q7 4 14 0M10 -7q7 4 14 0" stroke="#2b1d14" stroke-width="1.9" fill="none" stroke-linecap="round"/>'
    : '<path d="M-23 -8q6 -5 13 0q-7 5 -13 0z" fill="#fff"/><circle cx="-16.5" cy="-8" r="3.2" fill="#2b1d14"/><path d="M10 -8q7 -5 13 0q-6 5 -13 0z" fill="#fff"/><circle cx="16.5" cy="-8" r="3.2" fill="#2b1d14"/><path d="M-24 -8.5q7 -6 14.5 .2M9.5 -8.3q7 -6.2 14.5 -.2" stroke="#2b1d14" stroke-width="1.7" fill="none" stroke-linecap="round"/>';
  const shade = pose.darkLeft
    ? '<linearGradient id="g" x1="1" x2="0"><stop offset=".08" stop-color="#06141a" stop-opacity=".62"/><stop offset=".62" stop-color="#06141a" stop-opacity="0"/></linearGradient><clipPath id="c"><path d="M0 -92c-46 0 -66 34 -66 78 0 40 6 70 -12 112 20 22 48 34 78 34s58 -12 78 -34c-18 -42 -12 -72 -12 -112 0 -44 -20 -78 -66 -78z"/></clipPath><rect x="-70" y="-100" width="150" height="240" fill="url(#g)" clip-path="url(#c)"/>'
    : '';
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="-120 -160 240 320" preserveAspectRatio="xMidYMid ${fit}"><rect x="-400" y="-260" width="800" height="520" fill="${PAL[pose.backdrop]}"/><g transform="translate(${2 + (pose.shift ?? 0)} ${pose.live ? '4) scale(1.2' : '14'}) rotate(${pose.tilt ?? 0} 0 60)"><path d="M-112 190c2 -52 24 -74 62 -84l50 -10 50 10c38 10 60 32 62 84z" fill="#43545e"/><path d="M0 -92c-46 0 -66 34 -66 78 0 40 6 70 -12 112 20 22 48 34 78 34s58 -12 78 -34c-18 -42 -12 -72 -12 -112 0 -44 -20 -78 -66 -78z" fill="#f4f1ea"/><path d="M-66 -14c0 40 6 70 -12 112 14 16 33 26.5 54 31 -16 -20 -30 -58 -30 -100z" fill="#ddd6c7" opacity=".55"/><path d="M66 -14c0 40 -6 70 12 112 -9 10 -20 18 -32 23.5 6 -30 10 -60 8 -94z" fill="#ddd6c7" opacity=".8"/><path d="M-44 54c20 24 66 24 88 -2 -4 30 -30 44 -60 58 -14 -14 -24 -32 -28 -56z" fill="#ddd6c7" opacity=".75"/><path d="M0 -66c-30 0 -44 20 -45 50 -1 42 22 76 45 76s46 -34 45 -76c-1 -30 -15 -50 -45 -50z" fill="${PAL.skin}"/><path d="M45 -16c1 42 -22 76 -45 76 -5 0 -10 -1.5 -14.5 -4.5 30 -8 44 -44 42 -108 10 7 17 19 17.5 36.5z" fill="${PAL.skin2}" opacity=".38"/><path d="M0 -66c-30 0 -44 20 -45 50 6 -26 22 -38 45 -38s39 12 45 38c-1 -30 -15 -50 -45 -50z" fill="#ddd6c7"/><path d="M-26 -18q9 -6 18 -2M8 -20q9 -4 18 2" stroke="#3a281c" stroke-width="2.6" fill="none" stroke-linecap="round"/>${eyes}<path d="M-1.5 -6c-1 9 -5 17 -5.5 20.5 1 3.5 11 4 13 .5" stroke="${PAL.skinLine}" stroke-width="1.8" fill="none" stroke-linecap="round"/><path d="M-14 32q14 -5 28 0q-13 10 -28 0z" fill="#b46a5c"/><path d="M-14 32q14 3.5 28 0" stroke="#8d4a40" stroke-width="1.3" fill="none"/>${shade}</g>${pose.dark ? '<rect x="-400" y="-260" width="800" height="520" fill="#06141a" opacity=".45"/>' : ''}</svg>`;
}

/** Both eyes side by side as the iris scanner sends them: the right eye of the person stands left. */
export function irisPairSvg(width: number, height: number, lidOnLeft: boolean, opening: number): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="-380 -122 760 244"><rect x="-380" y="-122" width="760" height="244" fill="#b9bebf"/><g transform="translate(-190 0)">${eye(false, 1)}</g><g transform="translate(190 0) scale(-1 1)">${eye(lidOnLeft, opening)}</g></svg>`;
}

/** One eye alone. */
export function irisSvg(width: number, height: number): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="-190 -122 380 244"><rect x="-190" y="-122" width="380" height="244" fill="#b9bebf"/>${eye(false, 1)}</svg>`;
}

function eye(lid: boolean, opening: number): string {
  let rays = '';
  for (let i = 0; i < 96; i++) {
    const a = (i / 96) * 2 * Math.PI;
    const inner = 22 + ((i * 7) % 5);
    const outer = 50 + ((i * 13) % 15);
    rays += `M${r(inner * Math.cos(a))} ${r(inner * Math.sin(a))}L${r(outer * Math.cos(a + 0.02))} ${r(outer * Math.sin(a + 0.02))}`;
  }
  const shape = 'M-150 12C-112 -58 -54 -84 6 -82C72 -80 122 -42 152 20C112 66 62 82 6 82C-56 82 -108 60 -150 12Z';
  const drop = Math.round(40 * opening);
  const cover = lid
    ? `<path d="M-160 -110H160V26C122 ${-74 + drop} 72 ${-78 + drop} 6 ${-80 + drop}C-54 ${-82 + drop} -112 ${-66 + drop} -160 14Z" fill="#b4b9ba"/><path d="M-150 12C-112 ${-66 + drop} -54 ${-82 + drop} 6 ${-80 + drop}C72 ${-78 + drop} 122 ${-74 + drop} 152 20" fill="none" stroke="#4b5254" stroke-width="4.5" stroke-linecap="round"/>`
    : '';
  const id = lid ? 'el' : 'er';
  return `<clipPath id="${id}"><path d="${shape}"/></clipPath><path d="${shape}" fill="#dde1e1"/><g clip-path="url(#${id})"><circle cx="4" cy="-2" r="68" fill="#6b7275" stroke="#3a4043" stroke-width="5"/><path d="${rays}" transform="translate(4 -2)" stroke="#9aa1a3" stroke-width="1.3" opacity=".7"/><circle cx="4" cy="-2" r="34" fill="#3a4043" opacity=".35"/><circle cx="4" cy="-2" r="23" fill="#0c0a08"/><circle cx="-12" cy="-18" r="6" fill="#fff" opacity=".92"/><circle cx="20" cy="-18" r="4" fill="#fff" opacity=".8"/>${cover}</g><path d="${shape}" fill="none" stroke="#5d6466" stroke-width="2.5"/><path d="M-138 -34C-98 -96 -40 -108 12 -106C74 -104 118 -72 144 -30" fill="none" stroke="#9da3a5" stroke-width="3" stroke-linecap="round"/>`;
}

/** A finger of a slap: which drawing, how dark the ridges are; null = nothing on the glass. */
export type DrawnFinger = { ridge: keyof typeof RIDGES; ink: number } | null;

/** A slap on the glass, fingers from left to right. */
export function slapSvg(width: number, height: number, fingers: DrawnFinger[]): string {
  const gap = 378 / fingers.length;
  const drawn = fingers
    .map((f, i) => {
      if (!f) return '';
      const x = gap * (i + 0.5);
      const arc = fingers.length > 2 ? Math.abs(i - (fingers.length - 1) / 2) * 12 : 0;
      const size = fingers.length > 2 ? 62 : 84;
      return `<g transform="translate(${r(x)} ${r(104 + arc)}) rotate(${r((i - (fingers.length - 1) / 2) * 4)}) scale(${r(size / 104)}) translate(-52 -70)"><path d="${RIDGES[f.ridge]}" fill="${PAL.ridge}" fill-rule="evenodd" opacity="${f.ink}"/></g>`;
    })
    .join('');
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 378 262"><rect width="378" height="262" fill="${PAL.platen}"/>${drawn}</svg>`;
}

/** One print on the glass. */
export function printSvg(
  ridge: keyof typeof RIDGES,
  options: { rotate?: number; ink?: number; tipOnly?: boolean } = {},
): string {
  const clip = options.tipOnly ? '<clipPath id="t"><ellipse cx="6" cy="-24" rx="40" ry="32"/></clipPath>' : '';
  return `<svg xmlns="http://www.w3.org/2000/svg" width="400" height="500" viewBox="-64 -80 128 160"><rect x="-64" y="-80" width="128" height="160" fill="#fff"/>${clip}<g ${options.tipOnly ? 'clip-path="url(#t)"' : ''}><g transform="rotate(${options.rotate ?? 0}) scale(.82) translate(-52 -70)"><path d="${RIDGES[ridge]}" fill="${PAL.ridge}" fill-rule="evenodd" opacity="${options.ink ?? 0.92}"/></g></g></svg>`;
}

/** A written name for the mock's stored signature. */
export function signatureSvg(): string {
  return '<svg xmlns="http://www.w3.org/2000/svg" width="560" height="210" viewBox="-10 -2 260 92"><path d="M8 58c14 -30 26 -46 34 -44 10 3 -14 34 -8 40 8 6 18 -24 26 -24 6 1 -6 20 0 22 8 2 14 -20 22 -20 5 0 -4 18 2 19 9 1 12 -34 24 -44 8 -6 10 2 4 14 -8 14 -20 26 -16 30 6 5 16 -18 24 -17 6 1 -4 15 2 17 10 2 16 -22 28 -20 7 2 -5 16 3 18 12 2 26 -14 42 -17M20 76c60 -12 130 -16 190 -12" fill="none" stroke="#14213a" stroke-width="2.6" stroke-linecap="round" stroke-linejoin="round"/></svg>';
}

/** A stand-in for the face of a card, in its true proportion. */
export function cardFaceSvg(name: string): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="1011" height="638" viewBox="0 0 1011 638"><rect width="1011" height="638" fill="#dcebf2"/><g font-family="sans-serif" fill="#0d1a20"><text x="505" y="60" font-size="32" font-weight="700" text-anchor="middle">PROVINSI LAMPUNG</text><text x="40" y="150" font-size="40">NIK : 1804015403089002</text><text x="40" y="210" font-size="26">Nama : ${name.toUpperCase()}</text>${['Tempat/Tgl Lahir : KRUI, 14-03-2008', 'Jenis Kelamin : PEREMPUAN', 'Alamat : JL. MERDEKA GG. CENGKIH 7', 'Agama : ISLAM', 'Status Perkawinan : BELUM KAWIN', 'Pekerjaan : PELAJAR/MAHASISWA', 'Kewarganegaraan : WNI', 'Berlaku Hingga : SEUMUR HIDUP'].map((line, n) => `<text x="40" y="${250 + n * 40}" font-size="26">${line}</text>`).join('')}</g><svg x="725" y="180" width="232" height="305" viewBox="0 0 240 320">${portraitSvg(240, 320, { backdrop: 'biru' })}</svg></svg>`;
}

/** What the camera sees of a card on the desk: whole, or cut through the chip and the photograph. */
export function cardOnDeskSvg(cut: boolean): string {
  const face = (x: number, from: number, turn: number) =>
    `<g transform="translate(${x} 130) rotate(${turn})"><svg width="290" height="366" viewBox="${from} 0 505.5 638">${cardFaceSvg('Siti Rahmawati')}</svg></g>`;
  const gap = cut ? 34 : 0;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="800" height="600" viewBox="0 0 800 600"><rect width="800" height="600" fill="#8a8f8c"/>${face(110 - gap, 0, cut ? -4 : 0)}${face(400 + gap, 505.5, cut ? 5 : 0)}</svg>`;
}

/** A stand-in for one page of the form: A4 in true proportion. */
export function formPageSvg(name: string, training: boolean, nik = '180401 540308 9002', born = '14-03-2008'): string {
  const line = (y: number, label: string, value: string) =>
    `<text x="22" y="${y}" font-size="3.4" fill="#333">${label}</text><text x="64" y="${y}" font-size="3.6" font-weight="600">${value}</text>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="794" height="1123" viewBox="0 0 210 297" font-family="sans-serif"><rect width="210" height="297" fill="#fff"/><text x="105" y="24" font-size="4.8" font-weight="700" text-anchor="middle">PEMERINTAH KABUPATEN PESISIR BARAT</text><text x="105" y="31" font-size="4.4" text-anchor="middle">DINAS KEPENDUDUKAN DAN PENCATATAN SIPIL</text><path d="M22 36H192" stroke="#000" stroke-width="1.1"/><text x="105" y="46" font-size="5" font-weight="700" text-anchor="middle">FORMULIR PERMOHONAN PEREKAMAN KTP-EL</text>${line(62, 'NIK', nik)}${line(70, 'Nama lengkap', name.toUpperCase())}${line(78, 'Tempat, tanggal lahir', `KRUI, ${born}`)}${line(86, 'Jenis kelamin', 'PEREMPUAN')}${line(94, 'Alamat', 'JL. MERDEKA GG. CENGKIH 7, RT 003 RW 001')}${line(102, 'Kelurahan, kecamatan', 'PASAR KRUI, PESISIR TENGAH')}<rect x="160" y="56" width="31" height="41" fill="#2f6fb3"/><path d="M22 112H192" stroke="#000" stroke-width=".3"/><text x="22" y="120" font-size="3.8" font-weight="700">Yang direkam</text>${line(128, 'Sidik jari', '10 jari, 1 pengecualian')}${line(136, 'Iris', 'kanan, kiri')}${line(144, 'Cocok ulang', 'kanan cocok, kiri cocok')}<path d="M22 154H192" stroke="#000" stroke-width=".3"/><text x="22" y="162" font-size="3.8" font-weight="700">Pernyataan pemohon</text><text x="22" y="169" font-size="3.4">Data, foto, dan rekaman di atas telah diperlihatkan dan dibacakan kepada saya.</text><rect x="22" y="180" width="60" height="30" fill="none" stroke="#000" stroke-width=".3"/><text x="24" y="207" font-size="3">${name.toUpperCase()}</text>${training ? '<g transform="translate(105 160) rotate(-40)"><text font-size="32" font-weight="800" text-anchor="middle" fill="none" stroke="#000" stroke-opacity=".15" stroke-width=".4">LATIHAN</text></g>' : ''}</svg>`;
}

const r = (n: number) => Math.round(n * 10) / 10;

/** An object URL of a drawing, for `image()` and `documentPage()`. */
export function svgUrl(svg: string): string {
  return URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
}

/** Turns a drawing into a camera's JPEG. Only in a browser. */
export async function svgToJpeg(svg: string, width: number, height: number): Promise<Blob> {
  const url = svgUrl(svg);
  try {
    const picture = new Image();
    picture.src = url;
    await picture.decode();
    const canvas = document.createElement('canvas');
    canvas.width = width;
    canvas.height = height;
    const context = canvas.getContext('2d');
    if (!context) throw new Error('no canvas');
    context.drawImage(picture, 0, 0, width, height);
    return await new Promise<Blob>((done, fail) =>
      canvas.toBlob((b) => (b ? done(b) : fail(new Error('no jpeg'))), 'image/jpeg', 0.85),
    );
  } finally {
    URL.revokeObjectURL(url);
  }
}
