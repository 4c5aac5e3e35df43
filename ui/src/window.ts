// The program of the window, read once its empty frame is painted.
import '@fontsource-variable/plus-jakarta-sans/index.css';
import '@fontsource/ibm-plex-mono/latin-500.css';
import './styles/parts.css';
import './styles/fields.css';
import './styles/table.css';
import './styles/dialog.css';
import './components/capture/shared.css';
import { mount } from 'svelte';
import App from './App.svelte';

// What the window's policy blocks is a fault of the program; walks through the window look for it here.
document.addEventListener('securitypolicyviolation', (e) => {
  document.documentElement.dataset['blocked'] =
    `${e.violatedDirective} ${e.blockedURI} ${e.sourceFile}:${e.lineNumber}`;
  console.error('blocked', e.violatedDirective, e.blockedURI, e.sourceFile, e.lineNumber);
});

const target = document.getElementById('app');
if (!target) throw new Error('no mount point');
// The empty frame that stood there while the program was read.
target.replaceChildren();
export default mount(App, { target });
