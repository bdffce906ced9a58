// Filters what is already on the page. Without it the page is complete.
(() => {
  "use strict";
  const form = document.getElementById("filters");
  if (!form) return;

  const facts = JSON.parse(document.getElementById("facts").textContent);
  const cards = [...document.querySelectorAll(".card")];
  const groups = [...document.querySelectorAll(".group")];
  const shown = document.getElementById("shown");
  const unfold = document.getElementById("unfold");
  const number = new Intl.NumberFormat("en");
  const texts = [];

  const textOf = (index) => (texts[index] ??= cards[index].textContent.toLowerCase());

  const wanted = () => {
    const data = new FormData(form);
    const severities = new Set(data.getAll("severity"));
    const words = data.get("text").toLowerCase().split(/\s+/).filter(Boolean);
    const owner = data.get("owner");
    const rule = data.get("rule");
    const withSuppressed = data.has("suppressed");
    return (fact, index) =>
      (withSuppressed || !fact.is_suppressed) &&
      severities.has(fact.severity) &&
      (owner === "*" || (owner === "" ? fact.owners.length === 0 : fact.owners.includes(owner))) &&
      (rule === "*" || fact.rule === rule) &&
      words.every((word) => textOf(index).includes(word));
  };

  const apply = () => {
    const isWanted = wanted();
    let count = 0;
    facts.forEach((fact, index) => {
      const isShown = isWanted(fact, index);
      cards[index].hidden = !isShown;
      if (isShown) count += 1;
    });
    for (const group of groups) group.hidden = !group.querySelector(".card:not([hidden])");
    shown.value = count === 0 ? "No finding matches" : `${number.format(count)} of ${number.format(facts.length)} shown`;
  };

  // A link to a finding shows it, whatever the filters say.
  const showTarget = () => {
    const card = location.hash.startsWith("#finding-") && document.getElementById(location.hash.slice(1));
    if (!card) return;
    card.hidden = false;
    card.closest(".group").hidden = false;
    card.scrollIntoView();
  };

  let timer = 0;
  form.addEventListener("input", (event) => {
    clearTimeout(timer);
    timer = setTimeout(apply, event.target.name === "text" ? 150 : 0);
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(apply));
  unfold.addEventListener("click", () => {
    const opens = unfold.textContent === "Unfold details";
    for (const card of cards) {
      if (!card.hidden) for (const part of card.querySelectorAll("details")) part.open = opens;
    }
    unfold.textContent = opens ? "Fold details" : "Unfold details";
  });
  addEventListener("hashchange", showTarget);
  addEventListener("beforeprint", () => {
    for (const part of document.querySelectorAll(".card:not([hidden]) details")) part.open = true;
  });

  form.hidden = false;
  apply();
  showTarget();
})();
