// tests/cli/html.mjs: opens pages of --report html in Chromium and looks whether they are as they should be.
//
//	node html.mjs probe                              can that be done here? Status 77: no.
//	node html.mjs check SAMPLE ROWS HOSTILE LARGE    files, and how many targets SAMPLE has
//	node html.mjs measure LARGE                      how long things take, in milliseconds
//
// playwright-core and axe-core are looked for in $AWGET_NODE_MODULES, then where html.sh says.
import assert from "node:assert/strict";
import {createRequire} from "node:module";
import {pathToFileURL} from "node:url";
import {readFileSync} from "node:fs";
import {join} from "node:path";

const folders = process.env.AWGET_NODE_MODULES.split(":").filter(Boolean);

function modulePath(name) {
	for (const folder of folders)
		try {
			return createRequire(join(folder, "x.js")).resolve(join(folder, name));
		} catch {
			// look into the next one
		}
	console.error(`no ${name} in ${folders.join(", ")}`);
	process.exit(77);
}

const {chromium} = createRequire(import.meta.url)(modulePath("playwright-core"));
const axe = readFileSync(modulePath("axe-core/axe.min.js"), "utf8");
const sizes = [{width: 1280, height: 900}, {width: 360, height: 780}];
let browser;

// A page in a browser of its own; whatever goes wrong in it is in `page.trouble`.
async function open(file, options = {}) {
	const context = await browser.newContext({viewport: sizes[0], ...options});
	const page = await context.newPage();
	const url = pathToFileURL(file).href;

	page.trouble = [];
	page.on("console", (m) => page.trouble.push(`console: ${m.text()}`));
	page.on("pageerror", (e) => page.trouble.push(`error: ${e.message}`));
	page.on("dialog", (d) => page.trouble.push(`dialog: ${d.message()}`) && d.dismiss());
	page.on("request", (r) => r.url().split("#")[0] !== url && page.trouble.push(`request: ${r.url()}`));
	await page.addInitScript(() => {
		globalThis.violations = [];
		addEventListener("securitypolicyviolation", (e) => violations.push(`${e.violatedDirective} ${e.blockedURI}`));
	});
	await page.goto(url);
	return page;
}

async function close(page) {
	assert.deepEqual(page.trouble, []);
	await page.context().close();
}

const texts = (page, selector) => page.locator(selector).evaluateAll((all) => all.map((e) => e.textContent.trim()));
const status = (page) => page.locator("#status").textContent();

async function looks(file, colorSchemes) {
	for (const viewport of sizes)
		for (const colorScheme of colorSchemes) {
			const page = await open(file, {viewport, colorScheme});
			const name = `${file} ${viewport.width} ${colorScheme}`;

			assert.deepEqual(await page.evaluate("violations"), [], name);
			assert.ok(await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), `${name} overflows`);
			await page.evaluate(axe);
			await page.evaluate("document.querySelectorAll('details').forEach((d) => (d.open = true))");
			const {violations} = await page.evaluate("axe.run({resultTypes: ['violations']})");
			const grave = violations.filter((v) => ["serious", "critical"].includes(v.impact));
			assert.deepEqual(grave.map((v) => [v.id, v.nodes.slice(0, 3).map((n) => n.html + n.failureSummary)]), [], name);
			await close(page);
		}
}

async function isInert(file) {
	const page = await open(file);

	for (const button of await page.locator("#targets thead button, #controls button, [data-find]").all())
		await button.click();
	await page.waitForTimeout(100); // an image that is not there would have failed by now
	assert.equal(await page.evaluate("typeof owned"), "undefined");
	assert.match(await page.title(), /^awget: 0 of 3 targets good/);
	assert.equal(await page.locator("script").count(), 1);
	assert.equal(await page.locator("style").count(), 1);
	assert.equal(await page.locator("img, iframe, object, embed, [onfocus], [onerror], [style], a:not([href^='#c'])").count(), 0);
	assert.ok(!/[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/.test(
		await page.evaluate("document.body.textContent")));
	assert.ok((await page.locator("#targets tbody th").first().textContent()).includes("<script>owned=1</script>"));
	assert.deepEqual(await page.evaluate("violations"), []);
	await close(page);
}

const times = async (page) => (await texts(page, "#targets tbody td:nth-child(6)")).map((t) => parseFloat(t) *
	(t.endsWith(" s") ? 1000 : 1));

async function sorts(file, rows) {
	const page = await open(file);
	const head = page.locator("#targets thead th:nth-child(6)");
	const before = await texts(page, "#targets tbody th");

	assert.equal(before.length, rows);
	for (const [name, direction] of [["ascending", 1], ["descending", -1], ["ascending", 1]]) {
		await head.locator("button").click();
		assert.equal(await head.getAttribute("aria-sort"), name);
		assert.equal(await page.locator("#targets [aria-sort]").count(), 1);
		const all = await times(page), known = all.filter((t) => !isNaN(t));
		assert.deepEqual(known, [...known].sort((a, b) => direction * (a - b)));
		assert.ok(known.length < rows && all.slice(known.length).every(isNaN), "what is not known comes last");
	}
	await page.getByRole("button", {name: "Outcome"}).click();
	assert.deepEqual(await texts(page, "#targets tbody th"), before);
	await page.getByRole("button", {name: "Target", exact: true}).click();
	assert.deepEqual(await texts(page, "#targets tbody th"),
		[...before].sort(new Intl.Collator("en", {numeric: true, sensitivity: "base"}).compare));
	await close(page);
}

async function filters(file, rows) {
	const page = await open(file);
	const failed = page.getByRole("button", {name: /^Check failed/}), down = page.getByRole("button", {name: /^No answer/});
	const count = async (button) => parseInt(await button.locator("span").textContent(), 10);

	assert.equal(await status(page), `${rows} of ${rows} targets`);
	await failed.click();
	assert.equal(await failed.getAttribute("aria-pressed"), "true");
	assert.equal(await status(page), `${await count(failed)} of ${rows} targets`);
	assert.deepEqual(new Set(await texts(page, "#targets tbody td:first-child")), new Set(["Check failed"]));
	await down.click();
	assert.equal(await page.locator("#targets tbody tr").count(), await count(failed) + await count(down));
	await failed.click();
	await down.click();
	await page.getByRole("searchbox").fill("WWW7.example");
	assert.deepEqual(await texts(page, "#targets tbody th"), ["https://www7.example.org"]);
	await page.getByRole("searchbox").press("Enter");
	await page.getByRole("searchbox").fill("nowhere");
	assert.equal(await status(page), `0 of ${rows} targets`);
	await page.getByRole("button", {name: "Show in the table"}).first().click();
	assert.ok(await page.locator(".checks .count").first().textContent() ===
		`failed for ${await page.locator("#targets tbody tr").count()} targets`);
	await close(page);
}

// A link to what changed opens what is folded; paper shows all rows.
async function goesOn(file, rows) {
	const page = await open(file);

	await page.evaluate("document.querySelectorAll('details').forEach((d) => (d.open = false))");
	await page.locator("#targets tbody a").first().click();
	assert.ok(await page.locator("article:target del, article:target ins").first().isVisible());
	await page.pdf();
	assert.equal(await page.locator("#targets tbody tr").count(), rows);
	await close(page);
}

async function doesWithoutScript(file, rows) {
	for (const viewport of sizes) {
		const page = await open(file, {javaScriptEnabled: false, viewport});

		assert.equal(await page.locator("#controls").isVisible(), false);
		assert.equal(await page.locator("button:visible").count(), 0);
		assert.equal(await page.locator("#targets tbody tr:visible").count(), rows + await page.locator(".numbers tbody tr:visible").count());
		assert.equal(await page.locator("#targets thead th").nth(3).textContent(), "Status\n");
		await close(page);
	}
}

// However many there are, few are drawn until one asks for more.
async function staysLight(file) {
	const page = await open(file);
	const drawn = () => page.locator("#targets tbody tr").count();
	const first = await drawn();

	assert.ok(first <= 500, `${first} rows are drawn`);
	assert.equal(await status(page), `10,000 of 10,000 targets, the first ${first} shown`);
	await page.getByRole("button", {name: "Show more"}).click();
	assert.equal(await drawn(), first + 1000);
	await page.getByRole("button", {name: "Show all"}).click();
	assert.equal(await drawn(), 10000);
	assert.equal(await status(page), "10,000 of 10,000 targets");
	await close(page);
}

async function measure(file) {
	const page = await open(file);
	const timed = (what) => page.evaluate(async (code) => {
		const began = performance.now();

		(0, eval)(code);
		document.body.getBoundingClientRect(); // layout belongs to it
		return Math.round((performance.now() - began) * 10) / 10;
	}, what);
	const clicked = (column) => timed(`document.querySelector("thead th:nth-child(${column}) button").click()`);

	console.log("loaded", await page.evaluate("Math.round(performance.getEntriesByType('navigation')[0].domInteractive)"));
	for (const [name, column] of [["outcome", 1], ["target", 2], ["target down", 2], ["status", 4], ["time", 6], ["findings", 8]])
		console.log("sort by", name, await clicked(column));
	for (const text of ["nginx", "www99", ""])
		console.log("filter", JSON.stringify(text), await timed(`document.getElementById("find").value = "${text}";
			document.getElementById("find").dispatchEvent(new Event("input"))`));
	console.log("outcome button", await timed("document.querySelector('#controls button').click()"));
	await page.context().close();
}

const [what, ...args] = process.argv.slice(2);

try {
	browser = await chromium.launch({executablePath: process.env.CHROMIUM, args: ["--no-sandbox"]});
} catch (e) {
	console.error(e.message.split("\n")[0]);
	process.exit(77);
}
try {
	if (what === "check") {
		const [sample, rows, hostile, large] = args;

		await looks(sample, ["light", "dark"]);
		await looks(hostile, ["light"]);
		await isInert(hostile);
		await sorts(sample, Number(rows));
		await filters(sample, Number(rows));
		await goesOn(sample, Number(rows));
		await doesWithoutScript(sample, Number(rows));
		await staysLight(large);
	} else if (what === "measure") {
		await measure(args[0]);
	}
} finally {
	await browser.close();
}
