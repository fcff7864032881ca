// Two records, one key: k links, n says they are two, o is not sure, v passes over. Without this there are the buttons.
(function () {
  const form = document.querySelector('form[data-keys]')
  if (!form) return
  form.querySelector('.keys').hidden = false
  document.addEventListener('keydown', function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return
    if (/^(input|select|textarea)$/i.test(event.target.tagName) && event.target.type !== 'checkbox') return
    const meant = form.querySelector('[data-key="' + CSS.escape(event.key.toLowerCase()) + '"]')
    if (!meant) return
    event.preventDefault()
    meant.click()
  })
})()
