// Looks at web pages as a browser shows them: axe-core, sideways scrolling, what the Tab key reaches.
// usage: node examine.mjs CHROMIUM FILE.html...   prints JSON: the faults of each file, [] when it has none.
// The pages run as shipped, with their content security policy: the protocol reaches past it.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"];
const FLAGS = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
  "--disable-background-networking", "--disable-component-update",
];
// A browser at 200 % has half the CSS pixels, each twice as large.
const VIEWS = {
  "320 px": { viewport: { width: 320, height: 640 } },
  "1280 px": { viewport: { width: 1280, height: 800 } },
  "1280 px at 200 %": { viewport: { width: 640, height: 400 }, deviceScaleFactor: 2 },
};
const AT_ONCE = 2;
const MOST_TABS = 2000;

/* These run inside the page. */

async function violations(rules) {
  for (const details of document.querySelectorAll("details")) details.open = true;
  const options = { runOnly: rules, resultTypes: ["violations"] };
  const found = await window.axe.run(document, options);
  return found.violations.flatMap((rule) =>
    rule.nodes.map((node) => `axe ${rule.id}: ${node.target.join(" ")}: ${node.failureSummary}`));
}

function sidewaysScroll() {
  const root = document.documentElement;
  if (root.scrollWidth <= root.clientWidth) return [];
  const wide = [...document.body.querySelectorAll("*")].filter((element) =>
    element.getBoundingClientRect().right > root.clientWidth + 1 && !element.closest(".frame *"));
  const names = wide.slice(0, 3).map((element) => `${element.localName}.${element.className}`);
  return [`the page scrolls sideways, ${root.scrollWidth} px wide: ${names.join(", ")}`];
}

function describeFocus() {
  const element = document.activeElement;
  if (!element || element === document.body) return null;
  const box = element.getBoundingClientRect();
  const style = getComputedStyle(element);
  window.stops ??= new Set();
  const isNew = !window.stops.has(element);
  window.stops.add(element);
  return {
    isNew,
    name: `${element.localName}.${element.className} "${element.textContent.trim().slice(0, 40)}"`,
    target: element.getAttribute("href"),
    isSkipLink: element.classList.contains("skip-link"),
    isInView: box.right > 0 && box.bottom > 0 && box.left < innerWidth && box.top < innerHeight,
    isMarked: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1,
  };
}

function unreached() {
  const isShown = (element) => element.checkVisibility({ visibilityProperty: true });
  const wanted = [...document.querySelectorAll("a[href], summary, [tabindex]")].filter(isShown);
  const scrolling = [...document.body.querySelectorAll("*")].filter((element) =>
    isShown(element) && element.scrollWidth > element.clientWidth + 1 &&
    /auto|scroll/.test(getComputedStyle(element).overflowX));
  const hasStop = (element) => [...window.stops].some((stop) => element.contains(stop));
  const name = (element) => `${element.localName}.${element.className} "${element.textContent.trim().slice(0, 40)}"`;
  return [
    ...wanted.filter((element) => !window.stops.has(element)).map((element) => `Tab does not reach ${name(element)}`),
    // Chromium lets the keyboard scroll any box; other browsers want to be told.
    ...scrolling.filter((element) => !hasStop(element) || !(element.tabIndex >= 0 || element.querySelector("a[href], [tabindex]")))
      .map((element) => `the keyboard cannot scroll ${name(element)}`),
  ];
}

/* These run here. */

async function walk(page) {
  const stops = [];
  while (stops.length < MOST_TABS) {
    await page.keyboard.press("Tab");
    const stop = await page.evaluate(describeFocus);
    if (!stop?.isNew) break;
    stops.push(stop);
  }
  return stops;
}

async function keyboardFaults(page) {
  const stops = await walk(page);
  const faults = await page.evaluate(unreached);
  for (const stop of stops) {
    if (!stop.isInView) faults.push(`focused but out of sight: ${stop.name}`);
    if (!stop.isMarked) faults.push(`focused but not marked: ${stop.name}`);
  }
  if (stops.length && !stops[0].isSkipLink) faults.push(`Tab comes to ${stops[0].name} before a skip link`);
  return faults;
}

async function skipFaults(page) {
  const link = page.locator(".skip-link");
  if (!(await link.count())) return [];
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  const inMain = await page.evaluate(() => !document.activeElement || document.activeElement === document.body ||
    document.activeElement.closest("main") !== null);
  return inMain ? [] : ["the skip link does not lead into the text"];
}

async function examineView(browser, file, name, options, scheme) {
  const context = await browser.newContext({ ...options, colorScheme: scheme });
  const page = await context.newPage();
  const faults = [];
  page.on("console", (message) => faults.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => faults.push(`script: ${error.message}`));
  page.on("request", (request) => {
    if (/^(https?|ws|ftp):/.test(request.url())) faults.push(`asks the network for ${request.url()}`);
  });
  await page.goto(pathToFileURL(file).href);
  await page.evaluate(() => document.fonts.ready);
  faults.push(...(await page.evaluate(sidewaysScroll)));
  if (scheme === "light") {
    faults.push(...(await keyboardFaults(page)));
    await page.reload();
    faults.push(...(await skipFaults(page)));
  }
  await page.evaluate(AXE);
  faults.push(...(await page.evaluate(violations, RULES)));
  faults.push(...(await page.evaluate(sidewaysScroll)));
  await context.close();
  return faults.map((fault) => `${name}, ${scheme}: ${fault}`);
}

async function examine(browser, file) {
  const faults = [];
  for (const [name, options] of Object.entries(VIEWS))
    for (const scheme of ["light", "dark"])
      faults.push(...(await examineView(browser, file, name, options, scheme)));
  return faults;
}

const [executablePath, ...files] = process.argv.slice(2);
const browser = await chromium.launch({ executablePath, args: FLAGS });
const result = {};
const waiting = [...files];
await Promise.all(Array.from({ length: AT_ONCE }, async () => {
  while (waiting.length) {
    const file = waiting.shift();
    result[file] = await examine(browser, file);
  }
}));
await browser.close();
console.log(JSON.stringify(result, null, 1));
