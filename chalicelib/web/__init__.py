"""How people reach the desk: the JSON API and HTML pages. The only place, with app.py, that knows Chalice."""
