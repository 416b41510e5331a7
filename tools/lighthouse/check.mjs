// Judges a page with Lighthouse, once for each preset, and fails below the
// scores that the page is held to: make lighthouse.
//
//   node check.mjs SERVER [desktop|mobile]...
//
// SERVER is the program of tools/serve.
//
// The network is slowed down in earnest, to what the desktop preset assumes.
// Lighthouse's model of it takes a fast local server's word that a first paint
// waited for the weights, which were only loaded beside it.
//
// The browser has no WebGL. Where there is no graphics card, and on machines
// that run checks there is none, the viewer would be drawn by the processor
// within the page's own thread, and that is what would be measured.
import { spawn } from 'node:child_process';
import process from 'node:process';
import * as launcher from 'chrome-launcher';
import lighthouse, { desktopConfig } from 'lighthouse';

const wanted = { performance: 90, accessibility: 95, 'best-practices': 95 };
const shown = ['first-contentful-paint', 'largest-contentful-paint', 'speed-index', 'total-blocking-time', 'cumulative-layout-shift'];

const slowly = {
  throttlingMethod: 'devtools',
  throttling: { requestLatencyMs: 40, downloadThroughputKbps: 10_240, uploadThroughputKbps: 10_240, cpuSlowdownMultiplier: 1 },
};

const [program, ...presets] = process.argv.slice(2);
const server = spawn(program, ['-addr', '127.0.0.1:0', '-offline'], { stdio: ['ignore', 'pipe', 'inherit'] });
const address = await new Promise((resolve) => {
  server.stdout.on('data', (line) => resolve(/http:\S+/.exec(String(line))?.[0]));
});
const chrome = await launcher.launch({
  chromePath: process.env.TWEEDIE_CHROMIUM,
  chromeFlags: ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-3d-apis', '--disable-quic'],
});
let failed = false;
try {
  for (const preset of presets.length > 0 ? presets : ['desktop']) {
    const flags = { port: chrome.port, output: 'json', onlyCategories: Object.keys(wanted), logLevel: 'error' };
    const { lhr } = await lighthouse(address, preset === 'desktop' ? { ...flags, ...slowly } : flags, preset === 'desktop' ? desktopConfig : undefined);
    for (const [category, least] of Object.entries(wanted)) {
      const score = Math.round(100 * (lhr.categories[category].score ?? 0));
      const lacks = score < least;
      failed ||= lacks;
      console.log(`${preset}: ${category} ${score}${lacks ? `, want at least ${least}` : ''}`);
      if (!lacks) continue;
      for (const { id } of lhr.categories[category].auditRefs) {
        const { score: part, title, displayValue = '' } = lhr.audits[id];
        if (part !== null && part < 0.9) console.log(`  ${title} ${displayValue}`);
      }
    }
    console.log(`  ${shown.map((id) => `${lhr.audits[id].title} ${lhr.audits[id].displayValue}`).join(', ')}`);
  }
} finally {
  chrome.kill();
  server.kill();
}
process.exit(failed ? 1 : 0);
