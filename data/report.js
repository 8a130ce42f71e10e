/* report.js: sorting and filtering on the page of awget --report html, which is complete without. Its hash is in report.csp. */
"use strict";
(() => {
	/* So many rows are drawn, and so many more each time that one asks: ten thousand would make all that follows slow. */
	const FIRST = 300;
	const MORE = 1000;
	const table = document.getElementById("targets");
	const body = table.tBodies[0];
	const heads = Array.from(table.tHead.rows[0].cells);
	const controls = document.getElementById("controls");
	const find = document.getElementById("find");
	const status = document.getElementById("status");
	const rest = document.getElementById("rest");
	const outcomes = Array.from(controls.querySelectorAll("button"));
	const original = Array.from(body.rows);
	const numbers = new Intl.NumberFormat("en");
	const collator = new Intl.Collator("en", {numeric: true, sensitivity: "base"});
	const keys = new Map();
	let texts = null;
	let order = original;
	let matching = original;
	let drawn = 0;

	function tell() {
		let text = numbers.format(matching.length) + " of " + numbers.format(original.length) + " targets";

		if (drawn < matching.length)
			text += ", the first " + numbers.format(drawn) + " shown";
		status.textContent = text;
		rest.hidden = drawn >= matching.length;
	}

	function more(upTo) {
		const next = document.createDocumentFragment();

		for (; drawn < Math.min(upTo, matching.length); drawn++)
			next.append(matching[drawn]);
		body.append(next);
		tell();
	}

	function draw() {
		body.replaceChildren();
		drawn = 0;
		more(FIRST);
	}

	/* --- filtering --- */

	function textOf(row) {
		if (!texts)
			texts = new Map(original.map((r) => [r, r.textContent.toLowerCase()]));
		return texts.get(row);
	}

	function filter() {
		const words = find.value.trim().toLowerCase();
		const wanted = outcomes.filter((b) => b.ariaPressed === "true").map((b) => b.value);

		matching = order.filter((row) => (!wanted.length || wanted.includes(row.className)) &&
			(!words || textOf(row).includes(words)));
		draw();
	}

	function press(button) {
		button.ariaPressed = String(button.ariaPressed !== "true");
		filter();
	}

	/* --- sorting --- */

	function number(text) {
		const n = parseFloat(text);

		return isNaN(n) ? null : text.endsWith(" s") ? n * 1000 : n;
	}

	/* What the rows are compared by in a column; null is last, whichever way. */
	function keysOf(column) {
		const numeric = heads[column].dataset.sort === "number";
		const place = new Map(outcomes.map((b, i) => [b.value, i]));

		if (!keys.has(column))
			keys.set(column, new Map(original.map((row) => {
				const text = row.cells[column].textContent.trim();

				return [row, column === 0 ? place.get(row.className) : numeric ? number(text) : text || null];
			})));
		return keys.get(column);
	}

	function compare(a, b) {
		return typeof a === "number" ? a - b : collator.compare(a, b);
	}

	function sort(column) {
		const down = heads[column].ariaSort === "ascending";
		const key = keysOf(column);
		const [with_, without] = [[], []];

		for (const row of original)
			(key.get(row) === null ? without : with_).push(row);
		with_.sort((a, b) => (down ? compare(key.get(b), key.get(a)) : compare(key.get(a), key.get(b))));
		order = with_.concat(without);
		for (const head of heads)
			head.removeAttribute("aria-sort");
		heads[column].ariaSort = down ? "descending" : "ascending";
		filter();
	}

	/* --- the rest of the page --- */

	function addSorting(head, column) {
		const button = document.createElement("button");

		button.type = "button";
		button.textContent = head.textContent.trim();
		button.addEventListener("click", () => sort(column));
		head.replaceChildren(button);
	}

	function addFinding(button) {
		button.hidden = false;
		button.addEventListener("click", () => {
			for (const b of outcomes)
				b.ariaPressed = "false";
			find.value = button.dataset.find;
			filter();
			find.focus({preventScroll: true});
			document.getElementById("all").scrollIntoView();
		});
	}

	heads.forEach(addSorting);
	document.querySelectorAll("button[data-find]").forEach(addFinding);
	for (const button of outcomes)
		button.addEventListener("click", () => press(button));
	find.addEventListener("input", filter);
	for (const [i, button] of rest.querySelectorAll("button").entries())
		button.addEventListener("click", () => more(i ? Infinity : drawn + MORE));
	addEventListener("beforeprint", () => {
		more(Infinity);
		for (const folded of body.querySelectorAll("details"))
			folded.open = true; /* nobody unfolds paper */
	});
	controls.hidden = false;
	draw();
})();
