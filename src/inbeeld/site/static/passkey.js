// Shows what the passkey scripts of allauth leave unsaid: whether this browser can, and that it was stopped.
(function () {
  const can = Boolean(window.PublicKeyCredential)
  document.querySelectorAll('[data-passkey]').forEach(function (part) { part.hidden = !can })
  const impossible = document.getElementById('passkey-impossible')
  if (impossible) impossible.hidden = can
  const stopped = document.getElementById('passkey-stopped')
  document.addEventListener('click', function (event) {
    if (stopped && event.target.closest('[data-passkey]')) stopped.hidden = true
  })
  document.addEventListener('allauth.error', function (event) {
    event.preventDefault()
    if (stopped) stopped.hidden = false
  })
})()
