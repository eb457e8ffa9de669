/** Nothing but what comes from here: no inline script, no frame, no other host. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "form-action 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'"
].join('; ')

export const PAGE_HEADERS = {
  'content-security-policy': POLICY,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer'
}

export const PAGE = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>fastify-user-profile</title>
<link rel="icon" href="favicon-32x32.png">
<link rel="stylesheet" href="swagger-ui.css">
<div id="page"></div>
<script src="swagger-ui-bundle.js"></script>
<script src="page.js"></script>
`

/** An empty avatar in a form takes the picture away, so nothing empty is sent unless it is ticked. */
export const PAGE_SCRIPT = `const sendNothingEmpty = () => ({
  wrapComponents: {
    ParameterIncludeEmpty: (Original, { React }) => (props) =>
      React.createElement(Original, {
        ...props,
        isIncludedOptions: { ...props.isIncludedOptions, defaultValue: false }
      })
  }
})

SwaggerUIBundle({
  url: '../openapi.json',
  dom_id: '#page',
  plugins: [sendNothingEmpty],
  deepLinking: true,
  displayRequestDuration: true,
  validatorUrl: null
})
`
