// The window's empty frame, painted before the program is read: a web view counts a page as seen only when it has come to
// its end, and would not paint the frame while the program is still coming.
import './styles/tokens.css';
import './styles/base.css';
import './styles/frame.css';

function unread(error: unknown): void {
  console.error(error);
  const place = document.getElementById('app');
  // Without the program there are no strings to choose from.
  if (place) place.textContent = 'Jendela tidak terbaca. Yang tersimpan aman. Tutup Rekam, lalu buka lagi.';
}

addEventListener('load', () => void import('./window').catch(unread), { once: true });
