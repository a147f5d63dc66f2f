"""What another helpdesk, django-helpdesk, spends on the step that bench measures here: one ticket from a web form."""
