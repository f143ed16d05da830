// Looks at web pages in a browser: axe-core, sideways scrolling, what the Tab key reaches.
// usage: NODE_PATH=... node examine.js CHROMIUM FILE.html...   prints JSON: the faults of each file
// The pages run as shipped, under their content security policy: the protocol reaches past it.

const { readFileSync } = require("node:fs");
const { pathToFileURL } = require("node:url");
const { chromium } = require("playwright-core");

const AXE = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"];
const FLAGS = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
  "--disable-background-networking", "--disable-component-update",
];
// A window of 1280 px at 200 % has half the CSS pixels, each twice as large.
const VIEWS = {
  "320 px": { width: 320, height: 640, deviceScaleFactor: 1 },
  "1280 px": { width: 1280, height: 800, deviceScaleFactor: 1 },
  "1280 px at 200 %": { width: 640, height: 400, deviceScaleFactor: 2 },
};
const BY_KEYBOARD = ["320 px", "1280 px"];
const SCHEMES = ["light", "dark"];
const PAGES_AT_ONCE = 2;
const MOST_TABS = 2000;

// These functions run inside the page.

function prepare() {
  window.nameOf = (element) =>
    `${element.localName}.${element.className} "${element.textContent.trim().slice(0, 40)}"`;
  window.isShown = (element) => element.checkVisibility({ visibilityProperty: true });
  window.stops = new Set();
}

async function violations(rules) {
  const options = { runOnly: rules, resultTypes: ["violations"] };
  const found = (await window.axe.run(document, options)).violations;
  return found.flatMap(({ id, nodes }) =>
    nodes.map((node) => `axe ${id}: ${node.target.join(" ")}: ${node.failureSummary}`));
}

function openDetails() {
  for (const details of document.querySelectorAll("details")) details.open = true;
}

function sidewaysScroll() {
  const { scrollWidth, clientWidth } = document.documentElement;
  if (scrollWidth <= clientWidth) return [];
  const wide = [...document.body.querySelectorAll("*")].filter((element) =>
    element.getBoundingClientRect().right > clientWidth + 1);
  return [`the page scrolls sideways, ${scrollWidth} px wide: ${wide.slice(-3).map(nameOf).join(", ")}`];
}

function nextStop() {
  const element = document.activeElement;
  if (!element || element === document.body || stops.has(element)) return null;
  const isFirst = stops.size === 0;
  stops.add(element);
  const faults = [];
  const { left, right, top, bottom } = element.getBoundingClientRect();
  if (right <= 0 || bottom <= 0 || left >= innerWidth || top >= innerHeight)
    faults.push(`focused but out of sight: ${nameOf(element)}`);
  const style = getComputedStyle(element);
  if (style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 1)
    faults.push(`focused but not marked: ${nameOf(element)}`);
  if (isFirst && !element.matches(".skip-link, main *"))
    faults.push(`Tab comes to ${nameOf(element)} before the text or a skip link`);
  return faults;
}

function unreached() {
  const stop = "a[href], summary, [tabindex]";
  const missed = [...document.querySelectorAll(stop)].filter((each) => isShown(each) && !stops.has(each));
  const isWide = (each) => each.scrollWidth > each.clientWidth + 1 &&
    /auto|scroll/.test(getComputedStyle(each).overflowX);
  // Chromium lets the keyboard scroll any box; other browsers want to be told which.
  const stuck = [...document.body.querySelectorAll("*")].filter((each) =>
    isShown(each) && isWide(each) && !each.matches("[tabindex]") && !each.querySelector(stop));
  return [
    ...missed.map((element) => `Tab does not reach ${nameOf(element)}`),
    ...stuck.map((element) => `the keyboard cannot scroll ${nameOf(element)}`),
  ];
}

function skipFaults() {
  const active = document.activeElement;
  const target = document.querySelector(":target");
  if (!target?.matches("main")) return ["the skip link does not lead to the text"];
  const isBefore = active.compareDocumentPosition(target) & Node.DOCUMENT_POSITION_FOLLOWING;
  const isBack = active === document.body || active.matches(".skip-link");
  return isBefore && !isBack ? [`after the skip link Tab goes back to ${nameOf(active)}`] : [];
}

// These functions run here.

async function tabThrough(page) {
  const faults = [];
  for (let tabs = 0; tabs < MOST_TABS; tabs++) {
    await page.keyboard.press("Tab");
    const found = await page.evaluate(nextStop);
    if (found === null) return [...faults, ...(await page.evaluate(unreached))];
    faults.push(...found);
  }
  return [...faults, `Tab finds no end in ${MOST_TABS} steps`];
}

async function skip(page) {
  if (!(await page.locator(".skip-link").count())) return [];
  for (const key of ["Tab", "Enter", "Tab"]) await page.keyboard.press(key);
  return page.evaluate(skipFaults);
}

async function look(page, scheme) {
  await page.emulateMedia({ colorScheme: scheme });
  return [...(await page.evaluate(sidewaysScroll)), ...(await page.evaluate(violations, RULES))];
}

function watch(page, report) {
  page.on("console", (message) => report(`console: ${message.text()}`));
  page.on("pageerror", (error) => report(`script: ${error.message}`));
  page.on("request", (request) => {
    if (!/^(file|data):/.test(request.url())) report(`asks for ${request.url()}`);
  });
}

async function examine(browser, file) {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.addInitScript(prepare);
  const client = await context.newCDPSession(page);
  const resize = (view) =>
    client.send("Emulation.setDeviceMetricsOverride", { ...VIEWS[view], mobile: false });
  const faults = new Set();
  watch(page, (fault) => faults.add(fault));
  const note = (where, found) => found.forEach((fault) => faults.add(`${where}: ${fault}`));
  for (const view of BY_KEYBOARD) {
    await resize(view);
    await page.goto(pathToFileURL(file).href);
    note(view, await tabThrough(page));
    await page.goto(pathToFileURL(file).href);
    note(view, await skip(page));
  }
  await page.evaluate(openDetails);
  await page.evaluate(AXE);
  for (const view of Object.keys(VIEWS)) {
    await resize(view);
    for (const scheme of SCHEMES) note(`${view}, ${scheme}`, await look(page, scheme));
  }
  await context.close();
  return [...faults];
}

async function main(executablePath, files) {
  const browser = await chromium.launch({ executablePath, args: FLAGS });
  const waiting = [...files];
  const found = {};
  const work = async () => {
    for (let file; (file = waiting.shift()); ) found[file] = await examine(browser, file);
  };
  try {
    await Promise.all(Array.from({ length: PAGES_AT_ONCE }, work));
  } finally {
    await browser.close();
  }
  console.log(JSON.stringify(found, null, 1));
}

main(process.argv[2], process.argv.slice(3)).catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
