// Keeps what is being written as a draft: only when it changed, so that who is idle is idle; at most every twenty
// seconds; and when the page is left. Without this there is the button.
(function () {
  const EVERY = 20000 // milliseconds
  const PAUSE = 3000
  const MOST_ON_LEAVING = 15000 // characters: a browser that leaves sends at most 64 kB
  const form = document.querySelector('form[data-draft]')
  if (!form) return
  const text = form.elements.namedItem('text')
  const said = form.querySelector('[data-draft-said]')
  const away = form.querySelector('[data-draft-away]')
  let kept = text.value
  let sent = kept
  let last = 0
  let waiting = 0
  let done = false

  function tell (sentence) {
    if (said.textContent !== sentence) said.textContent = sentence
  }

  function plan () {
    if (waiting || done || text.value === sent) return
    waiting = setTimeout(keep, Math.max(PAUSE, last + EVERY - Date.now()), false)
  }

  async function keep (leaving) {
    clearTimeout(waiting)
    waiting = 0
    const now = text.value
    if (done || now === sent) return
    sent = now
    last = Date.now()
    let answer = null
    try {
      answer = await fetch(form.dataset.draft, {
        method: 'POST',
        body: new FormData(form),
        credentials: 'same-origin',
        redirect: 'manual', // to the log-in page: then it is not kept
        keepalive: leaving && now.length <= MOST_ON_LEAVING
      })
      const told = await answer.json()
      if (answer.ok) {
        kept = now
        if (away) away.hidden = !told.said
      }
      tell(told.said)
    } catch {
      tell(form.dataset.notKept)
    }
    // What was refused is refused again; only a connection comes back by itself.
    if (kept !== now && sent === now && !answer) sent = kept
    plan()
  }

  text.addEventListener('input', plan)
  window.addEventListener('online', plan)
  window.addEventListener('pagehide', function () { keep(true) })
  document.addEventListener('visibilitychange', function () { if (document.hidden) keep(true) })
  document.addEventListener('submit', function (event) {
    // What is saved or thrown away is no draft any more; before another form it is kept.
    if (event.target === form) done = true
    else keep(true)
  })
  window.addEventListener('pageshow', function (event) { if (event.persisted) done = false })
})()
