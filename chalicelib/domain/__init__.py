"""What a helpdesk is: values and rules. Standard library only; time is always passed in, nothing is looked up."""
